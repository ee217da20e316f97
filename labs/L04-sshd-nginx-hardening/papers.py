"""What the learner is given: the configuration as it was found, and the
requirements in both languages."""

import truth


def sshd_config(w):
    return """\
# sshd_config of the file-transfer host. Ticket {w.ticket}
# Debian 12, OpenSSH 9.2. Changes go through the change board.

Include /etc/ssh/sshd_config.d/*.conf

Port 22
ListenAddress {w.host_ip}
HostKey /etc/ssh/ssh_host_ed25519_key
HostKey /etc/ssh/ssh_host_rsa_key
SyslogFacility AUTH
LogLevel INFO

# --- authentication
LoginGraceTime 0
MaxAuthTries 10
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM yes
AuthorizedKeysFile {w.keys}
AllowGroups {w.admin_group} {w.partner_group} {w.batch}

# --- sessions
AllowTcpForwarding no
X11Forwarding yes
PrintMotd no
ClientAliveInterval 120
ClientAliveCountMax 3
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server -f AUTH -l INFO

# until the batch has its key (done in March; left "just in case")
Match User {w.batch}
    PasswordAuthentication yes
    AllowTcpForwarding local

# maintenance by the vendor
Match Address {w.vendor_ip}
    PermitRootLogin yes
    PasswordAuthentication yes
    AllowAgentForwarding yes
""".format(w=w)


def image_conf(w):
    return """\
# Written by the image of the hosting team. Read before everything else.
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication yes
AllowGroups users
AllowTcpForwarding yes
PermitTunnel yes

# for the old monitoring
KexAlgorithms +diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1
Ciphers +aes128-cbc,aes256-cbc
MACs +hmac-md5
HostKeyAlgorithms +ssh-rsa
PubkeyAcceptedAlgorithms +ssh-rsa
""".format(w=w)


def partner_conf(w):
    return """\
# SFTP of the partner. Agreed with them; they cannot change their side.
Match Group {w.partner_group}
    ChrootDirectory {w.chroot}
    ForceCommand internal-sftp -f AUTH -l INFO
    AllowTcpForwarding no
    AllowStreamLocalForwarding no
    AllowAgentForwarding no
    X11Forwarding no
    PermitTunnel no
    PermitTTY no
""".format(w=w)


def nginx_conf(w):
    return """\
# nginx 1.22 (Debian 12) in front of the file-transfer portal. {w.ticket}
user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;

events {{
    worker_connections 1024;
}}

http {{
    include mime.types;
    default_type application/octet-stream;

    log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" '
                    '"$http_user_agent" $request_time';
    access_log /var/log/nginx/access.log main;

    sendfile on;
    keepalive_timeout 65;
    client_max_body_size 8m;

    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_session_cache shared:tls:10m;
    ssl_session_timeout 1d;

    autoindex on;

    include /etc/nginx/conf.d/*.conf;
}}
""".format(w=w)


def portal_conf(w):
    return """\
upstream portal {{
    server 127.0.0.1:{w.app_port};
    keepalive 16;
}}

server {{
    listen 80 default_server;
    server_name _;

    # The load balancer asks here, without TLS.
    location = {w.health} {{
        access_log off;
        default_type text/plain;
        return 200 "ok\\n";
    }}

    location / {{
        return 301 https://{w.portal}$request_uri;
    }}
}}

server {{
    listen 443 ssl http2 default_server;
    server_name {w.portal};
    ssl_certificate /etc/nginx/tls/portal.pem;
    ssl_certificate_key /etc/nginx/tls/portal.key;

    root /srv/www/portal;

    location / {{
        proxy_pass http://portal;
        include proxy_params;
    }}

    location {w.login} {{
        proxy_pass http://portal;
        include proxy_params;
        add_header Cache-Control "no-store" always;
    }}

    location {w.admin} {{
        proxy_pass http://portal;
        include proxy_params;
    }}

    location /.well-known/ {{
        default_type text/plain;
    }}

    location {w.folder} {{
        expires 1h;
        add_header X-Content-Type-Options nosniff;
    }}

    location ^~ {w.static} {{
        expires 7d;
        add_header Cache-Control "public";
    }}

    # pictures and styles of the application
    location ~* \\.(?:css|js|png|svg|woff2)$ {{
        proxy_pass http://portal;
        include proxy_params;
        expires 1d;
    }}
}}
""".format(w=w)


def api_conf(w):
    return """\
upstream exchange {{
    server 127.0.0.1:{w.api_port};
}}

server {{
    listen 443 ssl http2;
    server_name {w.api};
    ssl_certificate /etc/nginx/tls/api.pem;
    ssl_certificate_key /etc/nginx/tls/api.key;
    ssl_protocols TLSv1.1 TLSv1.2;
    server_tokens on;

    location {w.api_path} {{
        client_max_body_size {w.body_mb}m;
        proxy_pass http://exchange;
        include proxy_params;
        proxy_request_buffering off;
    }}

    # from the tests of the migration
    location / {{
        proxy_pass http://portal;
        include proxy_params;
    }}
}}
""".format(w=w)


def _row(ja, en, value):
    return "| %s / %s | `%s` |\n" % (ja, en, value)


def facts(w):
    rows = (
        ("管理者のグループ", "Group of the administrators", w.admin_group),
        ("管理者", "Administrators", ", ".join(w.admins)),
        ("管理用ネットワーク", "Administration network", w.admin_net),
        ("接続先のグループ", "Group of the partner", w.partner_group),
        ("接続先の利用者", "User of the partner", w.partner),
        ("接続先のアドレス", "Addresses of the partner",
         ", ".join(w.partner_ips)),
        ("接続先のchroot", "chroot of the partner", w.chroot),
        ("夜間バッチの利用者とグループ", "User and group of the night batch",
         w.batch),
        ("夜間バッチの送信元", "Address of the night batch", w.batch_ip),
        ("このホストのアドレス", "Address of this host", w.host_ip),
        ("負荷分散装置のアドレス", "Address of the load balancer", w.lb),
        ("ポータルのホスト名", "Host name of the portal", w.portal),
        ("接続先APIのホスト名", "Host name of the partner API", w.api),
        ("ログイン", "Log-in", w.login),
        ("管理画面", "Administration pages", w.admin),
        ("公開フォルダ", "Public folder", w.folder),
        ("静的ファイル", "Static files", w.static),
        ("死活監視", "Health check", w.health),
        ("接続先API", "Partner API", w.api_path),
    )
    return "".join(_row(*one) for one in rows)


def accounts(w):
    out = ""
    for user, groups in sorted(w.groups.items()):
        out += "| `%s` | %s |\n" % (user, ", ".join(
            "`%s`" % g for g in groups))
    return out


def algorithms(w):
    order = ("kexalgorithms", "ciphers", "macs", "hostkeyalgorithms",
             "pubkeyacceptedalgorithms")
    out = ""
    for user in (w.partner, w.batch):
        out += "| `%s` | %s |\n" % (user, " | ".join(
            "`%s`" % w.clients[user].lists[name] for name in order))
    return out


def public(w):
    out = ""
    for scheme, host, method, path, _, rate in w.public():
        out += "| `%s %s://%s%s` | %s |\n" % (
            method, scheme, host, path, "%d/s" % rate if rate else "-")
    return out


def requirements(w):
    return REQUIREMENTS.format(
        w=w, facts=facts(w), accounts=accounts(w), algorithms=algorithms(w),
        public=public(w), keys=w.old_keys,
        endings=" ".join("`%s`" % e for e in truth.ENDINGS))


REQUIREMENTS = """\
# 要件 / Requirements ({w.ticket})

{w.bank_ja} ファイル転送ホスト(Debian 12、OpenSSH 9.2、nginx 1.22)
{w.bank_en}, file-transfer host (Debian 12, OpenSSH 9.2, nginx 1.22)

## 1. 事実 / Facts

| 項目 / Item | 値 / Value |
|---|---|
{facts}
このホストの利用者とグループ(/etc/passwd、/etc/group は変更しない)。
Users of this host and their groups (passwd and group stay as they are).

| 利用者 / User | グループ / Groups |
|---|---|
{accounts}
鍵は {w.keys} にある。公開鍵認証だけで、全員がログインできる状態にある。
Keys are in {w.keys}. Everybody who may log in has a key there.

## 2. sshd

- S1 rootは、どこからもログインできない。
     root logs in from nowhere.
- S2 パスワードとキーボード対話による認証は、だれに対しても、どこからの接続でも無効にする。公開鍵は有効のままとする。
     Password and keyboard-interactive authentication are off for everybody and from everywhere; keys stay on.
- S3 ログインできるのは、管理者のグループ、接続先のグループ、夜間バッチのグループだけとする。
     Only the groups of the administrators, of the partner and of the night batch may log in.
     管理者は、管理用ネットワークからシェルを使う。夜間バッチは、シェルのコマンドとSFTPを使う。
     Administrators have a shell, from the administration network. The batch runs commands and SFTP.
     管理者がほかのネットワークから入れるかどうかは、どちらでもよい。
     Whether administrators can log in from other networks is left to you.
- S4 接続先は、chrootの中のSFTPだけを使う(internal-sftp)。TCP、UNIXソケット、エージェント、X11の転送とトンネルは使えない。
     The partner has SFTP within its chroot (internal-sftp) and nothing else: no TCP, socket, agent or X11 forwarding, no tunnel.
- S5 接続先以外も、TCP、UNIXソケット、エージェント、X11の転送とトンネルは使えない。
     Nor has anybody else TCP, socket, agent or X11 forwarding, or a tunnel.
- S6 MaxAuthTriesは{w.tries_max}以下、LoginGraceTimeは{w.grace_max}秒以下(無制限は不可)。
     MaxAuthTries {w.tries_max} at most, LoginGraceTime {w.grace_max} seconds at most (not unlimited).
     夜間バッチは、古い鍵を{keys}本試してから正しい鍵を出す。
     The batch offers {keys} old keys before the right one.
- S7 使わない方式: 名前がsha1で終わる鍵交換、名前が-cbcで終わる暗号、SHA-1・MD5・umac-64のMAC、
     ssh-rsaとssh-dssの署名(ホスト鍵、利用者の鍵。証明書も)。
     Not used: key exchange that ends in sha1, ciphers that end in -cbc, MACs of SHA-1, MD5 and umac-64,
     signatures ssh-rsa and ssh-dss (host keys and user keys, certificates too).
     相手側のソフトウェアは変えられない。次の方式しか話せない。
     The other sides cannot change their software. They speak these and no others:

| 利用者 / User | KEX | Cipher | MAC | ホスト鍵 / Host key | 利用者の鍵 / User key |
|---|---|---|---|---|---|
{algorithms}
- S8 LogLevelはVERBOSEとする(どの鍵で入ったかを残す)。
     LogLevel is VERBOSE (which key came in is kept).

## 3. nginx

- N1 TLSは、どのホスト名でも1.2以上とする。
     TLS 1.2 or later, on every host name.
     TLSのすべての応答(静的ファイル、エラーを含む)に、max-age={w.hsts}以上のHSTSを付ける。
     Every answer over TLS (static files and errors too) carries HSTS with max-age={w.hsts} or more.
- N2 版番号を出さない。 / The version is not shown.
- N3 ディレクトリの一覧を出さない。 / No directory is listed.
- N4 ログイン({w.login})は、送信元アドレスごとに制限する。毎分{w.limit_max}回以下、ただし毎分{w.limit_min}回以上。
     burstは{w.burst_min}から{w.burst_max}(支店は1つのアドレスから続けてログインする)。
     Log-in ({w.login}) is limited for each source address: {w.limit_max} a minute at most and {w.limit_min} at least,
     burst {w.burst_min} to {w.burst_max} (a branch logs in from one address, one person after the other).
- N5 管理画面({w.admin} とその下のすべて)は、どのホスト名でも、管理用ネットワークからだけとする。ほかからは403または404。
     The administration pages ({w.admin} and all below) are for the administration network only, on every host name;
     from elsewhere 403 or 404. 管理画面はポータルのホスト名で使う / Administrators use the portal's host name.
- N6 「.」で始まる名前のファイルとフォルダ、次の語尾のファイルは、どのフォルダでも403または404とする: {endings}
     Files and folders whose names begin with a dot, and files that end in these, are 403 or 404 in every folder.
     接続先APIの下の名前は接続先が決めるので、除く。/.well-known/ は公開する。
     Not so below the partner API, where the partner chooses the names; /.well-known/ is public.
- N7 次は今までどおり使える。数は、1つのアドレスからの1秒あたりの要求で、制限してはならない。
     These work as before. The number is requests a second from one address, which must not be limited.

| 要求 / Request | 頻度 / Rate |
|---|---|
{public}
## 4. 変えないもの / What stays

- ポート、ListenAddress、HostKey、AuthorizedKeysFile、UsePAM、Subsystem sftp
- upstreamと転送先、転送するヘッダ(proxy_params)、証明書、接続先APIの client_max_body_size({w.body_mb}m)、アクセスログ
- Port, ListenAddress, HostKey, AuthorizedKeysFile, UsePAM, Subsystem sftp
- upstreams and where requests go, the headers sent there (proxy_params), certificates, client_max_body_size of the
  partner API ({w.body_mb}m), the access log

## 5. 構成の決まり / Rules for configuration

- ファイルは配られた6つだけ。新しいファイルは置かない。Include先に別のファイルはない。
  The six files and no others. Nothing else stands where an Include looks.
- nginxで if、rewrite、map、geo、set と追加モジュールは使わない。mime.types と proxy_params はDebianのものがある。
  In nginx no if, rewrite, map, geo, set and no modules. Debian's mime.types and proxy_params are there.
- upstreamの先は、どの要求にも200を返すものとして採点する。静的ファイルはすべてあるものとする。
  Behind the upstreams everything answers 200 for scoring, and every static file exists.
"""
