#!/usr/bin/env python3
"""Random templates from a seeded grammar: expressions over the values of constructs.CONTEXT with every operator,
filter, test and method, and statements around them with random whitespace control.

    random_templates.py COUNT SEED FILE   writes COUNT cases with jinja2's answers, in the form of the golden files;
                                          ALTIPLANO_TEMPLATE_CASES=FILE engine_tst_chat_template rendersAsJinja2
                                          then holds the engine against them
"""
import random
import sys

from constructs import CONTEXT

NAMES = ["s", "u", "empty", "ws", "lines", "n", "neg", "f", "t", "no", "nil", "xs", "ys", "mixed", "d", "dd", "html", "people", "missing", "v"]
TEXTS = ["''", "'a'", "'A b'", "', '", "'é世'", "'x\\ny'", "'<b>'", "'%s'", "'12'", "'o'", "'name'", "'age'", "'  '", "'1.5'", "'ab,c'"]
NUMBERS = ["0", "1", "2", "-1", "3", "7", "10", "1.5", "-0.5", "2.0", "100"]
# filters with lists of possible arguments
FILTERS = {
    "upper": [""], "lower": [""], "title": [""], "capitalize": [""], "trim": ["", "(T)"], "length": [""], "count": [""],
    "first": [""], "last": [""], "list": [""], "string": [""], "reverse": [""], "join": ["", "(T)", "(T, attribute=T)"],
    "replace": ["(T, T)", "(T, T, N)"], "default": ["(E)", "(E, true)", ""], "d": ["(E)"], "int": ["", "(N)", "(0, 16)"],
    "float": ["", "(N)"], "abs": [""], "round": ["", "(N)", "(1, 'floor')", "(1, 'ceil')"], "sum": ["", "(start=N)", "(attribute=T)"],
    "min": ["", "(attribute=T)"], "max": ["", "(true)"], "sort": ["", "(true)", "(attribute=T)", "(case_sensitive=true)"],
    "unique": [""], "batch": ["(2)", "(2, E)", "(3)"], "slice": ["(2)", "(3, E)"], "dictsort": ["", "(true)", "(by='value')", "(reverse=true)"],
    "items": [""], "tojson": ["", "(indent=2)", "(true)", "(separators=(',', ':'))", "(sort_keys=true)"], "indent": ["", "(2)", "(2, true)", "(T)", "(1, true, true)"],
    "truncate": ["(5)", "(8, true)", "(5, false, T, 0)", ""], "wordcount": [""], "center": ["(9)"], "e": [""], "escape": [""], "safe": [""],
    "striptags": [""], "urlencode": [""], "format": ["(E)", "(E, E)"], "attr": ["(T)"], "map": ["('upper')", "(attribute=T)", "('length')", "('default', E)", "(attribute=T, default=E)"],
    "select": ["", "('odd')", "('string')", "('gt', N)"], "reject": ["", "('none')"], "selectattr": ["(T)", "(T, 'defined')", "(T, 'equalto', E)"],
    "rejectattr": ["(T)"], "groupby": ["(T)", "(T, default=E)"], "forceescape": [""], "filesizeformat": ["", "(true)"],
}
TESTS = ["defined", "undefined", "none", "string", "mapping", "sequence", "iterable", "number", "integer", "float", "boolean", "true", "false", "odd",
         "even", "lower", "upper", "callable", "escaped", "divisibleby N", "eq(E)", "ne(E)", "lt(E)", "gt(E)", "in(E)", "ge E", "sameas(nil)"]
METHODS = ["upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "strip(T)", "lstrip(T)", "rstrip()", "split()", "split(T)", "split(T, N)",
           "rsplit(T, N)", "rsplit(none, N)", "split(none, N)", "splitlines()", "splitlines(true)", "startswith(T)", "endswith(T)", "startswith(T, N, N)", "find(T)",
           "find(T, N)", "rfind(T)", "count(T)", "count(T, N)", "index(T)", "replace(T, T)", "replace(T, T, N)", "join(E)", "zfill(N)", "center(N, 'é')", "ljust(N)",
           "rjust(N)", "partition(T)", "rpartition(T)", "removeprefix(T)", "removesuffix(T)", "expandtabs(N)", "isalpha()", "isdigit()", "isalnum()", "isspace()",
           "isupper()", "islower()", "istitle()", "isnumeric()", "isprintable()", "isidentifier()", "casefold()", "keys()", "values()", "items()", "get(T)", "get(E, E)",
           "count(E)", "index(E)", "append(E)", "copy()", "format(E, E)"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "~", "~", "==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or"]


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def fill(self, pattern, depth):
        """Puts random text, number and expressions where a pattern has T, N and E as words of their own."""
        import re

        return re.sub(r"\b([TNE])\b", lambda m: {"T": self.r.choice(TEXTS), "N": self.r.choice(NUMBERS), "E": self.expression(depth - 1)}[m[1]], pattern)

    def atom(self):
        r = self.r
        return r.choice([r.choice(NAMES), r.choice(NAMES), r.choice(TEXTS), r.choice(NUMBERS), r.choice(["true", "false", "none", "[]", "{}", "()"])])

    def expression(self, depth):
        r = self.r
        if depth <= 0:
            return self.atom()
        e = lambda: self.expression(depth - 1)
        kind = r.random()
        if kind < 0.25:
            name = r.choice(list(FILTERS))
            return f"{self.operand(depth)} | {name}{self.fill(r.choice(FILTERS[name]), depth)}"
        if kind < 0.37:
            return f"{self.operand(depth)} is {r.choice(['', 'not '])}{self.fill(r.choice(TESTS), depth)}"
        if kind < 0.52:
            return f"{self.operand(depth)}.{self.fill(r.choice(METHODS), depth)}"
        if kind < 0.70:
            return f"{self.operand(depth)} {r.choice(BINARY)} {self.operand(depth)}"
        if kind < 0.76:
            return f"{e()} if {e()} else {e()}"
        if kind < 0.86:
            part = lambda: r.choice(["", r.choice(NUMBERS[:7])])
            if r.random() < 0.5:  # of a name: jinja2's optimizer lets constants be sliced that cannot be
                return f"{r.choice(NAMES)}[{part()}:{part()}{r.choice(['', ':' + part()])}]"
            return f"{self.operand(depth)}[{r.choice([e(), r.choice(NUMBERS[:6])])}]"
        if kind < 0.89:
            return f"{self.operand(depth)}.{r.choice(['name', 'a', 'b', '0', 'zzz', 'age'])}"
        if kind < 0.92:
            return f"[{e()}, {e()}]"
        if kind < 0.94:
            return f"({e()}, {e()})"
        if kind < 0.96:
            return f"{{{r.choice(TEXTS)}: {e()}, {self.atom()}: {e()}}}"
        if kind < 0.98:
            return f"{r.choice(['not ', '-', '+'])}{self.operand(depth)}"
        return f"range({r.choice(NUMBERS[:7])}, {r.choice(NUMBERS[:7])})"

    def operand(self, depth):
        inner = self.expression(depth - 1 - self.r.randrange(2))
        return inner if self.r.random() < 0.25 or inner.isidentifier() or inner[0] in "'[({" and inner[-1] in "'])}" and " " not in inner else f"({inner})"

    def tag(self, body, kind="%"):
        left, right = self.r.choice(["", "", "-", "+"]), self.r.choice(["", "", "-"] + (["+"] if kind == "%" else []))
        if kind == "{":
            return "{{" + left.replace("+", "") + f" {body} " + right + "}}"
        return "{%" + left + f" {body} " + right + "%}"

    def text(self):
        return self.r.choice(["", " ", "\n", "a", " b ", "\n  ", "  \n", "\t", "x\n\n y", "\r\n", "{# c #}", "{#- c -#}", "  {# c #}\n", "{% raw %} {{ r }} {% endraw %}\n"])

    def statements(self, depth):
        return "".join(self.text() + self.statement(depth) for _ in range(self.r.randrange(1, 4))) + self.text()

    def statement(self, depth):
        r, t = self.r, self.tag
        if depth <= 0 or r.random() < 0.35:
            return t(self.expression(1), "{")
        body = lambda: self.statements(depth - 1)
        e = lambda: self.expression(1)
        loop_value = r.choice(["loop.index", "loop.first", "loop.last", "loop.length", "loop.revindex", "loop.previtem", "loop.nextitem", "loop.changed(v)", "loop.cycle(1, 'b')", "v"])
        kind = r.randrange(12)
        if kind < 3:
            test = r.choice(["", "", f" if {e()}"])
            other = t("else") + body() if r.random() < 0.3 else ""
            jump = t(f"if {e()}") + t(r.choice(["break", "continue"])) + t("endif") if r.random() < 0.3 else ""
            items = r.choice(["xs", "ys", "mixed", "people", "d", "range(3)", "'aé'", e()])
            return t(f"for v in {items}{test}") + jump + t(loop_value, "{") + body() + other + t("endfor")
        if kind == 3:
            return t("for k, w in d.items()") + t("k ~ w", "{") + body() + t("endfor")
        if kind < 6:
            middle = t(f"elif {e()}") + body() if r.random() < 0.4 else ""
            other = t("else") + body() if r.random() < 0.5 else ""
            return t(f"if {e()}") + body() + middle + other + t("endif")
        if kind == 6:
            return t(f"set {r.choice(['v', 'w', 'n'])} = {self.expression(2)}")
        if kind == 7:
            return t("set w" + r.choice(["", " | upper", " | trim"])) + body() + t("endset") + t("w", "{")
        if kind == 8:
            return t(f"macro m(p, q={self.atom()})") + t("p ~ q", "{") + body() + t("endmacro") + t(f"m({e()})", "{") + t(f"m({self.atom()}, q={self.atom()})", "{")
        if kind == 9:
            return t("macro c(p)") + t("caller(p)", "{") + t("endmacro") + t(f"call(q) c({self.atom()})") + body() + t("q", "{") + t("endcall")
        if kind == 10:
            return t(f"with v = {e()}, w = v") + body() + t("w", "{") + t("endwith")
        return t("filter " + r.choice(["upper", "trim", "replace('a', 'z')", "indent(2)", "title"])) + body() + t("endfilter")


def templates(count, seed):
    generator = Generator(seed)
    for i in range(count):
        yield generator.tag(generator.expression(1 + i % 4), "{") if i % 3 else generator.statements(1 + i % 2)


if __name__ == "__main__":
    from make_goldens import write

    write(sys.argv[3], CONTEXT, [(t, None) for t in templates(int(sys.argv[1]), int(sys.argv[2]))])
