"""Does a Python program build SQL from anything but its own constants?

    python3 sqlcheck.py app.py

Reads the program without running it.  The text of SQL in execute(),
executemany() and executescript() must be put together from string constants
of the program alone: literals, names bound to literals only, values of
dictionaries and lists of literals, also joined, formatted or chosen among.
A value from the request, from the data base or from anywhere else may be
passed as an argument (?, :name); it may not be part of the text, not even when
it was looked at before.  A helper that takes the text of SQL as a parameter
is followed to where it is called.

A line is printed for each place that is wrong.  Exit status 0: none; 1: some;
2: the program cannot be read.
"""

import ast
import sys

SOURCE_MAX = 256 * 1024
EXECUTE = {"execute": 0, "executemany": 0, "executescript": 0}
# Ways to run or reach what cannot be seen in the text of a program.
UNSEEN = {"exec", "eval", "compile", "__import__", "getattr", "setattr",
          "globals", "locals", "vars", "breakpoint"}
MODULES = {
    "__future__", "abc", "collections", "contextlib", "dataclasses",
    "datetime", "decimal", "enum", "functools", "hashlib", "hmac", "html",
    "http", "io", "itertools", "json", "logging", "math", "os", "pathlib",
    "re", "secrets", "sqlite3", "string", "sys", "textwrap", "time",
    "traceback", "types", "typing", "unicodedata", "urllib", "uuid"}
SAME_TEXT = {"strip", "lstrip", "rstrip", "upper", "lower", "replace",
             "removeprefix", "removesuffix", "copy", "dedent", "split",
             "splitlines"}
MUTATORS = {"append", "add", "insert", "extend", "update", "setdefault",
            "appendleft"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
UNKNOWN = object()      # bound to something that is no constant


class Scope:
    """A function's or the module's names and what is bound to them."""

    def __init__(self, node, outer):
        self.node, self.outer = node, outer
        self.bound = {}
        self.parameters = []
        if isinstance(node, FUNCTIONS):
            a = node.args
            self.parameters = [p.arg for p in a.posonlyargs + a.args]
            for p in a.kwonlyargs + [x for x in (a.vararg, a.kwarg) if x]:
                self.bind(p.arg, UNKNOWN)

    def bind(self, name, value):
        self.bound.setdefault(name, []).append(value)

    def find(self, name):
        scope = self
        while scope:
            if name in scope.bound or name in scope.parameters:
                return scope
            scope = scope.outer
        return None


class Element:
    """An element of an iterable, `pick` of it when it is a pair."""

    def __init__(self, of, pick=None):
        self.of, self.pick = of, pick


class Reader(ast.NodeVisitor):
    """Collects scopes, bindings, calls and what cannot be followed."""

    def __init__(self):
        self.scope = self.module = None
        self.of = {}            # node -> its scope
        self.functions = {}     # name -> [(node, is a method)]
        self.attributes = {}    # name -> [(value, scope)]
        self.calls, self.loads, self.wrong = [], [], []
        self.called = set()     # ids of the expressions that are called
        self.in_class = False

    def read(self, tree):
        self.scope = self.module = Scope(tree, None)
        self.of[tree] = self.scope
        for node in tree.body:
            self.visit(node)

    def visit(self, node):
        self.of[node] = self.scope
        super().visit(node)

    def function(self, node):
        if not isinstance(node, ast.Lambda):
            self.scope.bind(node.name, node)
            self.functions.setdefault(node.name, []).append(
                (node, self.in_class))
        before = self.scope, self.in_class
        for part in (node.args.defaults + [d for d in node.args.kw_defaults
                                           if d]
                     + getattr(node, "decorator_list", [])):
            self.visit(part)
        self.scope, self.in_class = Scope(node, self.scope), False
        for part in (node.body if isinstance(node.body, list)
                     else [node.body]):
            self.visit(part)
        self.scope, self.in_class = before

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function

    def visit_ClassDef(self, node):
        self.scope.bind(node.name, UNKNOWN)
        before, self.in_class = self.in_class, True
        for part in node.body:
            if isinstance(part, (ast.Assign, ast.AnnAssign)):
                targets = (part.targets if isinstance(part, ast.Assign)
                           else [part.target])
                for target in targets:
                    if isinstance(target, ast.Name):
                        self.attribute(target.id, part.value)
            self.visit(part)
        self.in_class = before

    def attribute(self, name, value):
        self.attributes.setdefault(name, []).append((value, self.scope))

    def target(self, target, value):
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            same = isinstance(value, (ast.Tuple, ast.List)) and \
                len(value.elts) == len(target.elts)
            for i, part in enumerate(target.elts):
                self.target(part, value.elts[i] if same else
                            Element(value.of, i) if isinstance(value, Element)
                            and value.pick is None else Element(value, None)
                            if isinstance(value, ast.AST) else UNKNOWN)
        elif isinstance(target, ast.Starred):
            self.target(target.value, UNKNOWN)
        elif isinstance(target, ast.Attribute):
            self.attribute(target.attr, value)
        elif isinstance(target, ast.Subscript) and isinstance(
                target.value, ast.Name):
            self.scope.bind(target.value.id, value)

    def visit_Assign(self, node):
        for target in node.targets:
            self.target(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.target(node.target, node.value)
        self.generic_visit(node)

    visit_AugAssign = visit_NamedExpr = visit_AnnAssign

    def visit_For(self, node):
        self.target(node.target, Element(node.iter))
        self.generic_visit(node)

    visit_AsyncFor = visit_comprehension = visit_For

    def visit_withitem(self, node):
        if node.optional_vars is not None:
            self.target(node.optional_vars, UNKNOWN)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node):
        if node.name:
            self.scope.bind(node.name, UNKNOWN)
        self.generic_visit(node)

    def imported(self, node, names):
        for alias in node.names:
            self.scope.bind((alias.asname or alias.name).split(".")[0],
                            UNKNOWN)
        for name in names:
            if name.split(".")[0] not in MODULES:
                self.wrong.append((node.lineno, "unseen"))

    def visit_Import(self, node):
        self.imported(node, [a.name for a in node.names])

    def visit_ImportFrom(self, node):
        self.imported(node, [node.module or "."])

    def visit_Global(self, node):
        for name in node.names:         # one set of bindings for both
            self.scope.bound[name] = self.module.bound.setdefault(name, [])

    visit_Nonlocal = visit_Global

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.loads.append(node)
            if node.id in UNSEEN:
                self.wrong.append((node.lineno, "unseen"))

    def visit_Attribute(self, node):
        self.loads.append(node)
        if node.attr.startswith("__") and node.attr not in (
                "__name__", "__init__", "__doc__"):
            self.wrong.append((node.lineno, "unseen"))
        self.generic_visit(node)

    def visit_Call(self, node):
        self.calls.append(node)
        self.called.add(id(node.func))
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in MUTATORS and \
                isinstance(func.value, ast.Name):
            owner = self.scope.find(func.value.id) or self.scope
            for a in node.args + [k.value for k in node.keywords]:
                owner.bind(func.value.id, a)
        self.generic_visit(node)


class Constants:
    """Which expressions are made of the program's constants alone."""

    def __init__(self, reader):
        self.r = reader
        self.asked = set()

    def all(self, nodes):
        return all(self.is_constant(n) for n in nodes)

    def is_constant(self, node):
        if isinstance(node, Element):
            return self.element(node)
        if not isinstance(node, ast.AST):
            return False
        one = getattr(self, "_" + type(node).__name__, None)
        return bool(one and one(node))

    def element(self, e):
        of = e.of
        if isinstance(of, ast.Call) and isinstance(of.func, ast.Attribute) \
                and of.func.attr in ("items", "keys", "values"):
            of = of.func.value
        if isinstance(of, ast.Call) and isinstance(of.func, ast.Name) and \
                of.func.id in ("sorted", "reversed", "list", "tuple", "set",
                               "enumerate") and len(of.args) == 1:
            of = of.args[0]
        return self.is_constant(of) and self.keys(of)

    def keys(self, node):
        """Of a dictionary the keys must be constants too."""
        if isinstance(node, ast.Name):
            scope = self.r.of[node].find(node.id)
            return scope is not None and all(
                not isinstance(v, ast.Dict) or self.keys(v)
                for v in scope.bound.get(node.id, []))
        if isinstance(node, ast.Dict):
            return self.all([k for k in node.keys if k is not None])
        return True

    def _Constant(self, node):
        return True

    def _JoinedStr(self, node):
        return self.all(node.values)

    def _FormattedValue(self, node):
        return self.is_constant(node.value) and (
            node.format_spec is None or self.is_constant(node.format_spec))

    def _BinOp(self, node):
        left, right = self.is_constant(node.left), self.is_constant(node.right)
        if isinstance(node.op, ast.Mult):       # "?" * n: n says how often
            return left and not isinstance(node.left, ast.Constant) or \
                right and not isinstance(node.right, ast.Constant) or \
                any(isinstance(n, ast.Constant) and isinstance(n.value, str)
                    for n in (node.left, node.right)) or left and right
        return left and right

    def _IfExp(self, node):
        return self.all([node.body, node.orelse])

    def _BoolOp(self, node):
        return self.all(node.values)

    def _NamedExpr(self, node):
        return self.is_constant(node.value)

    def _Starred(self, node):
        return self.is_constant(node.value)

    def _Tuple(self, node):
        return self.all(node.elts)

    _List = _Set = _Tuple

    def _Dict(self, node):
        return self.all(node.values)

    def _Subscript(self, node):
        return self.is_constant(node.value)

    def _ListComp(self, node):
        return self.is_constant(node.elt)

    _GeneratorExp = _SetComp = _ListComp

    def _DictComp(self, node):
        return self.is_constant(node.value)

    def _Attribute(self, node):
        if node.attr in ("value", "name") and isinstance(
                node.value, (ast.Attribute, ast.Subscript)):
            return self.is_constant(node.value)
        bound = self.r.attributes.get(node.attr)
        return bool(bound) and self.bindings(
            ("attribute", node.attr), [value for value, _ in bound])

    def _Name(self, node):
        scope = self.r.of[node].find(node.id)
        if scope is None or node.id in scope.parameters:
            return False
        return self.bindings((id(scope), node.id), scope.bound[node.id])

    def bindings(self, key, values):
        if key in self.asked:           # x = x + "…": the rest decides
            return True
        self.asked.add(key)
        try:
            return all(self.is_constant(v) for v in values)
        finally:
            self.asked.discard(key)

    def _Call(self, node):
        args = node.args + [k.value for k in node.keywords]
        func = node.func
        if isinstance(func, ast.Attribute):
            if func.attr in ("join", "format", "get", "pop") or \
                    func.attr in SAME_TEXT:
                looked_up = func.attr in ("get", "pop")
                return self.is_constant(func.value) and self.all(
                    args[1:] if looked_up else args)
            return False
        if not isinstance(func, ast.Name):
            return False
        if func.id in ("str", "dict", "list", "tuple", "set", "frozenset",
                       "sorted", "dedent", "MappingProxyType"):
            return self.all(args)
        scope = self.r.of[node].find(func.id)
        if scope is None or func.id in scope.parameters:
            return False
        made = scope.bound[func.id]
        return bool(made) and all(isinstance(f, FUNCTIONS) and self.returns(f)
                                  for f in made)

    def returns(self, f):
        if isinstance(f, ast.Lambda):
            values = [f.body]
        else:
            values = [n.value for n in ast.walk(f)
                      if isinstance(n, ast.Return) and n.value is not None
                      and self.r.of[n].node is f]
        return bool(values) and self.bindings((id(f), "return"), values)


def argument(call, at, name):
    """The expression at a position or of a name; None if it is not there."""
    for k in call.keywords:
        if k.arg == name or k.arg is None:
            return k.value if k.arg else UNKNOWN
    for i, a in enumerate(call.args[:at + 1]):
        if isinstance(a, ast.Starred):
            return UNKNOWN
        if i == at:
            return a
    return None


def problems(source):
    """[(line, what)] of a program: "text", "unseen", "nothing"; SyntaxError
    or ValueError if it is none."""
    reader = Reader()
    tree = ast.parse(source)
    reader.read(tree)
    constants = Constants(reader)
    wrong = list(reader.wrong)
    sinks = {name: (at, "sql") for name, at in EXECUTE.items()}
    seen, grown = False, True
    helpers, called = {}, set()
    while grown:                # until no more helpers are found
        grown, found = False, []
        for call in reader.calls:
            func = call.func
            method = isinstance(func, ast.Attribute)
            name = func.attr if method else getattr(func, "id", None)
            if name not in sinks or (name in EXECUTE and not method):
                continue
            seen = True
            called.add(name)
            at, parameter = sinks[name]
            sql = argument(call, at, parameter)
            if sql is not None and sql is not UNKNOWN and \
                    constants.is_constant(sql):
                continue
            scope = reader.of[call]
            if isinstance(sql, ast.Name) and isinstance(
                    scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and \
                    sql.id in scope.parameters and sql.id not in scope.bound:
                helper = scope.node.name
                place = scope.parameters.index(sql.id)
                if any(m for f, m in reader.functions[helper]
                       if f is scope.node) and not any(
                        getattr(d, "id", "") == "staticmethod"
                        for d in scope.node.decorator_list):
                    place -= 1          # self
                if helper not in sinks:
                    sinks[helper] = (place, sql.id)
                    helpers[helper] = call.lineno
                    grown = True
                if sinks[helper] == (place, sql.id):
                    continue
            found.append((call.lineno, "text"))
    wrong += found
    wrong += [(line, "text") for name, line in helpers.items()
              if name not in called]    # who knows what it is given
    for node in reader.loads:   # execute, or a helper, as a value
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        if name in sinks and id(node) not in reader.called and (
                isinstance(node, ast.Attribute) or name not in EXECUTE):
            wrong.append((node.lineno, "unseen"))
    if not seen:
        wrong.append((1, "nothing"))
    return sorted(set(wrong))


SAY = {
    "text": "定数でないものからSQLの文を組み立てています。"
            " / The text of SQL is not made of constants alone.",
    "unseen": "この書き方は追跡できません。"
              " / This cannot be followed by reading.",
    "nothing": "SQLを実行する箇所がありません。 / No SQL is executed.",
}


def main(path):
    try:
        with open(path, "rb") as f:
            source = f.read(SOURCE_MAX + 1)
        if len(source) > SOURCE_MAX:
            raise ValueError("too large")
        found = problems(source)
    except (OSError, SyntaxError, ValueError, RecursionError,
            MemoryError) as e:
        sys.stderr.write("%s: %s\n" % (path, type(e).__name__))
        return 2
    for line, what in found:
        sys.stdout.buffer.write(("%s:%d: %s\n" % (
            path, line, SAY[what])).encode("utf-8", "replace"))
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: sqlcheck.py app.py")
    sys.exit(main(sys.argv[1]))
