"""Reads nginx.conf as nginx 1.22 does: words, blocks, includes, and which
directive may stand where with how many arguments.

Directives that nginx knows and the lab does not read (`if`, `rewrite`, `map`,
modules) are refused: the host's configuration rules forbid them."""

import re

HOME = "etc/nginx/"
MAIN = HOME + "nginx.conf"
# Files of the package that stand beside the learner's and cannot be changed.
PACKAGED = {
    HOME + "mime.types": "types { text/html html; text/css css; "
    "application/javascript js; image/png png; image/svg+xml svg; "
    "font/woff2 woff2; application/pdf pdf; text/plain txt; text/csv csv; }\n",
    HOME + "proxy_params": "proxy_set_header Host $http_host;\n"
    "proxy_set_header X-Real-IP $remote_addr;\n"
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n"
    "proxy_set_header X-Forwarded-Proto $scheme;\n",
}
TOKENS_MAX = 20000              # read, over all files and includes
TOKEN_MAX = 4000                # characters
DEPTH_MAX = 12
LOCATIONS_MAX = 200


class Refused(Exception):
    """nginx would not start: file, line, why. `forbidden`: it would, but the
    lab does not read this."""

    def __init__(self, path, line, why, forbidden=False):
        Exception.__init__(self, "%s line %d: %s" % (path, line, why))
        self.forbidden = forbidden


# ------------------------------------------------------------------ directives

M, E, H, S, L, U, X = "main events http server location upstream limit".split()
HSL = (H, S, L)
TABLE = {}                      # name: (contexts, least, most, is a block)


def _known(contexts, least, most, text, block=False):
    for name in text.split():
        TABLE[name] = (contexts, least, most, block)


_known((M,), 0, 0, "events http", True)
_known((M,), 1, 2, "user")
_known((M,), 1, 1, "worker_processes worker_priority worker_rlimit_nofile "
       "pid pcre_jit worker_shutdown_timeout timer_resolution")
_known((M,), 1, 9, "worker_cpu_affinity")
_known((E,), 1, 1, "worker_connections multi_accept use accept_mutex")
_known((M, E, H, S, L, U, X), 1, 1, "include")
_known((H,), 1, 1, "upstream", True)
_known((S, L), 1, 2, "location", True)
_known((L,), 1, 9, "limit_except", True)
_known((H, S, L), 0, 0, "types", True)
_known((U,), 1, 9, "server")
_known((U,), 1, 2, "zone keepalive keepalive_timeout keepalive_requests")
_known((U,), 0, 2, "least_conn ip_hash random")
_known((U,), 1, 2, "hash")
_known((S,), 1, 20, "listen")
_known((S,), 1, 40, "server_name")
_known((M, H, S, L), 1, 2, "error_log")
_known((H, S, L), 1, 6, "access_log")
_known((H,), 2, 60, "log_format")
_known((H, S), 1, 1, "merge_slashes client_header_timeout "
       "client_header_buffer_size ignore_invalid_headers "
       "underscores_in_headers server_names_hash_bucket_size "
       "server_names_hash_max_size")
_known((H, S), 2, 2, "large_client_header_buffers")
_known(HSL, 1, 1, "sendfile tcp_nopush tcp_nodelay keepalive_requests "
       "types_hash_max_size types_hash_bucket_size server_tokens default_type "
       "client_max_body_size client_body_buffer_size client_body_timeout "
       "send_timeout reset_timedout_connection root etag charset "
       "log_not_found log_subrequest server_name_in_redirect "
       "port_in_redirect absolute_redirect satisfy autoindex "
       "autoindex_exact_size autoindex_localtime autoindex_format "
       "auth_basic_user_file gzip gzip_comp_level gzip_min_length gzip_vary "
       "gzip_http_version gzip_disable limit_req_status limit_req_log_level "
       "limit_req_dry_run limit_conn_status limit_conn_log_level "
       "limit_conn_dry_run limit_rate limit_rate_after if_modified_since "
       "max_ranges open_file_cache_valid open_file_cache_min_uses "
       "open_file_cache_errors resolver_timeout recursive_error_pages "
       "msie_padding chunked_transfer_encoding")
_known(HSL + (X,), 1, 1, "auth_basic allow deny")
_known(HSL, 1, 2, "keepalive_timeout expires open_file_cache gzip_buffers")
_known(HSL, 1, 20, "gzip_types gzip_proxied index resolver disable_symlinks")
_known(HSL, 2, 3, "add_header add_trailer")
_known(HSL, 2, 20, "error_page")
_known(HSL, 1, 3, "limit_req")
_known(HSL, 2, 2, "limit_conn")
_known((H,), 3, 4, "limit_req_zone")
_known((H,), 2, 2, "limit_conn_zone")
_known((H, S), 1, 6, "ssl_protocols")
_known((H, S), 1, 1, "ssl_certificate ssl_certificate_key ssl_ciphers "
       "ssl_prefer_server_ciphers ssl_session_timeout ssl_session_tickets "
       "ssl_stapling ssl_stapling_verify ssl_trusted_certificate ssl_dhparam "
       "ssl_ecdh_curve ssl_buffer_size ssl_early_data ssl_reject_handshake "
       "ssl_verify_client ssl_verify_depth ssl_client_certificate")
_known((H, S), 2, 2, "ssl_conf_command")
_known((H, S), 1, 2, "ssl_session_cache")
_known((S, L), 1, 2, "return")
_known((S, L), 2, 20, "try_files")
_known((L,), 1, 1, "alias")
_known((L,), 0, 0, "internal")
_known((L, X), 1, 1, "proxy_pass")
_known(HSL, 2, 2, "proxy_set_header")
_known(HSL, 1, 1, "proxy_http_version proxy_connect_timeout "
       "proxy_read_timeout proxy_send_timeout proxy_buffering "
       "proxy_request_buffering proxy_buffer_size proxy_hide_header "
       "proxy_pass_header proxy_intercept_errors proxy_ssl_server_name "
       "proxy_ssl_verify proxy_next_upstream_tries proxy_max_temp_file_size "
       "proxy_busy_buffers_size proxy_ignore_client_abort")
_known(HSL, 1, 2, "proxy_redirect")
_known(HSL, 2, 2, "proxy_buffers")
_known(HSL, 1, 12, "proxy_next_upstream proxy_ssl_protocols")
ON_OFF = set("""sendfile tcp_nopush tcp_nodelay autoindex merge_slashes etag
gzip gzip_vary limit_req_dry_run limit_conn_dry_run ssl_session_tickets
ssl_prefer_server_ciphers ssl_reject_handshake ssl_stapling log_not_found
ssl_stapling_verify absolute_redirect recursive_error_pages proxy_buffering
proxy_request_buffering proxy_intercept_errors multi_accept
autoindex_exact_size autoindex_localtime server_name_in_redirect
port_in_redirect reset_timedout_connection ssl_early_data""".split())
# Twice in one block is an error, but for these.
MANY = set("""include server upstream location limit_except types listen
server_name error_log access_log log_format index add_header add_trailer
error_page limit_req limit_conn limit_req_zone limit_conn_zone allow deny
proxy_set_header proxy_hide_header proxy_pass_header proxy_redirect
ssl_certificate ssl_certificate_key ssl_conf_command return internal
gzip_types gzip_disable proxy_pass resolver proxy_next_upstream
ssl_protocols proxy_ssl_protocols""".split())
CODES = re.compile("[0-9]{3}", re.ASCII)


# --------------------------------------------------------------------- words

_ESCAPES = {"t": "\t", "r": "\r", "n": "\n"}


def words(path, text):
    """(word, was it quoted, line) of a file; ';', '{' and '}' unquoted."""
    out, i, n, line = [], 0, len(text), 1
    while i < n:
        c = text[i]
        if c in " \t\r\n":
            line += c == "\n"
            i += 1
        elif c in ";{}":
            out.append((c, False, line))
            i += 1
        elif c == "#":
            end = text.find("\n", i)
            i = n if end < 0 else end
        else:
            word, i, at = _word(path, text, i, line)
            out.append((word, c in "\"'", line))
            line = at
        if len(out) > TOKENS_MAX:
            raise Refused(path, line, "too many words")
    return out


def _word(path, text, i, line):
    start, n = line, len(text)
    quote = text[i] if text[i] in "\"'" else ""
    i += bool(quote)
    out = []
    while True:
        if i >= n:
            raise Refused(path, start, "the file ends within a word")
        c = text[i]
        line += c == "\n"
        if c == "\\" and i + 1 < n:
            d = text[i + 1]
            if d in "\"'\\":
                out.append(d)
            else:
                out.append(_ESCAPES.get(d, c + d))
            line += d == "\n"
            i += 2
        elif quote and c == quote:
            i += 1
            if i < n and text[i] not in " \t\r\n;{)":
                raise Refused(path, line, "a word goes on after its quote")
            break
        elif not quote and (c in " \t\r\n;" or (c == "{" and (
                not out or out[-1] != "$"))):
            line -= c == "\n"
            break
        else:
            out.append(c)
            i += 1
        if len(out) > TOKEN_MAX:
            raise Refused(path, start, "a word is too long")
    return "".join(out), i, line


# -------------------------------------------------------------------- blocks

class Node:
    """A directive, with what stands in its braces."""

    def __init__(self, name, arguments, path, line):
        self.name, self.arguments = name, arguments
        self.path, self.line = path, line
        self.children = []

    def all(self, name):
        return [c for c in self.children if c.name == name]

    def first(self, name):
        for c in self.children:
            if c.name == name:
                return c.arguments
        return None

    def refused(self, why, forbidden=False):
        return Refused(self.path, self.line, why, forbidden)


class Reader:
    """Every include is read where it stands; only files that were handed in
    and those of the package exist. Nothing is opened."""

    def __init__(self, files):
        self.files = dict(PACKAGED)
        self.files.update({path: text for path, text in files.items()
                           if path.startswith(HOME)})
        self.left = TOKENS_MAX
        self.locations = 0
        if MAIN not in self.files:
            raise Refused(MAIN, 0, "no such file")
        self.root = Node("main", [], MAIN, 0)
        self._file(MAIN, self.root, M, 0)

    def _file(self, path, node, context, depth):
        text = self.files[path]
        if text.startswith("\ufeff"):
            text = text[1:]
        if "\0" in text:
            raise Refused(path, 0, "a NUL byte")
        if depth > DEPTH_MAX:
            raise Refused(path, 0, "includes are nested too deep")
        tokens = words(path, text)
        self.left -= len(tokens) + 1
        if self.left < 0:
            raise Refused(path, 0, "too many words")
        end = self._block(path, tokens, 0, node, context, depth)
        if end != len(tokens):
            raise Refused(path, tokens[end][2], 'unexpected "}"')

    def _block(self, path, tokens, i, node, context, depth):
        while i < len(tokens):
            word, quoted, line = tokens[i]
            if not quoted and word == "}":
                return i
            one = []
            while i < len(tokens) and (tokens[i][1]
                                       or tokens[i][0] not in (";", "{", "}")):
                one.append(tokens[i][0])
                i += 1
            if i == len(tokens):
                raise Refused(path, line, "the file ends within a directive")
            if not one or tokens[i][0] == "}":
                raise Refused(path, line, "unexpected " + tokens[i][0])
            child = Node(one[0], one[1:], path, line)
            opens = tokens[i][0] == "{"
            i += 1
            if context == "types":
                if opens:
                    raise child.refused('unexpected "{"')
                continue
            self._admit(child, node, context, opens)
            if child.name == "include":
                self._include(child, node, context, depth)
                continue
            node.children.append(child)
            if opens:
                if depth + 1 > DEPTH_MAX:
                    raise child.refused("blocks are nested too deep")
                i = self._block(path, tokens, i, child,
                                {"limit_except": X}.get(child.name,
                                                        child.name),
                                depth + 1)
                if i >= len(tokens):
                    raise child.refused('no closing "}"')
                i += 1
        return i

    def _admit(self, child, node, context, opens):
        name = child.name
        known = TABLE.get(name)
        if name == "server" and context != U:
            known = ((H,), 0, 0, True)
        if name.startswith("keepalive") and context == U:
            known = ((U,), 1, 2, False)
        if known is None:
            raise child.refused("the lab does not read " + name[:40], True)
        contexts, least, most, block = known
        if context not in contexts:
            raise child.refused('"%s" is not allowed here' % name)
        if opens != block:
            raise child.refused('"%s" and its %s' % (
                name, "brace" if opens else "end"))
        if not least <= len(child.arguments) <= most:
            raise child.refused('the number of arguments of "%s"' % name)
        if name in ON_OFF and child.arguments[0] not in ("on", "off"):
            raise child.refused('"%s" is on or off' % name)
        if name not in MANY and any(c.name == name for c in node.children):
            raise child.refused('"%s" stands twice' % name)
        if name == "location":
            self.locations += 1
            if self.locations > LOCATIONS_MAX:
                raise child.refused("too many locations")

    def _include(self, child, node, context, depth):
        pattern = child.arguments[0]
        if not pattern.startswith("/"):
            pattern = "/" + HOME + pattern
        want = [p for p in pattern.split("/") if p]
        wild = any(c in pattern for c in "*?[")
        found = []
        for path in sorted(self.files):
            have = path.split("/")
            if len(have) == len(want) and all(
                    _glob(h, w) for h, w in zip(have, want)):
                found.append(path)
        if not found and not wild:
            raise child.refused("no such file to include")
        for path in found:
            self._file(path, node, context, depth + 1)


def _glob(name, pattern):
    """One part of a path: `*`, `?` and sets, as glob(3) of nginx takes them."""
    if name.startswith(".") and not pattern.startswith("."):
        return False
    out = []
    i = 0
    while i < len(pattern):
        c = pattern[i]
        end = pattern.find("]", i + 2) if c == "[" else -1
        if c == "*":
            if out[-1:] != [".*"]:
                out.append(".*")
        elif c == "?":
            out.append(".")
        elif end > 0:
            inner = pattern[i + 1:end].replace("\\", "\\\\")
            if inner[0] in "!^":
                inner = "^" + inner[1:]
            out.append("[" + inner + "]")
            i = end
        else:
            out.append(re.escape(c))
        i += 1
    try:
        return len(out) < 60 and re.fullmatch("".join(out), name) is not None
    except re.error:
        return False
