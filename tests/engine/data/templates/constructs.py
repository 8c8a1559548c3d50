"""Templates that try one construct each, rendered with CONTEXT; make_goldens.py writes what jinja2 makes of them."""

CONTEXT = {
    "s": "Hello, World", "u": "Grüße 世界 ß İ ŉ Σας", "empty": "", "ws": " \t a b  c\u00a0\n", "lines": "a\n\nb\r\nc\u2028d",
    "n": 7, "neg": -7, "big": 18446744073709551615, "f": 2.5, "f2": 1e22, "f3": 1e-7, "t": True, "no": False, "nil": None,
    "xs": [3, 1, 2], "ys": ["b", "A", "c", "a"], "mixed": [1, "x", None, 2.0, True, {"k": [1]}], "none": [],
    "d": {"b": 1, "a": 2, "items": "shadow", "A": 3, "1": "one"}, "dd": {}, "html": "<a href=\"x\">T&'s</a> <!-- c --> z",
    "people": [{"name": "Zoë", "age": 30, "tags": ["x"]}, {"name": "adam", "age": 4}, {"name": "Bob", "age": 30, "tags": []}],
    "tree": [{"v": 1, "c": [{"v": 2, "c": []}, {"v": 3, "c": [{"v": 4, "c": []}]}]}, {"v": 5, "c": []}],
}

EXPRESSIONS = r"""
1 + 2 * 3 - 4 / 2
7 // 2, -7 // 2, 7 // -2, 7 % 3, -7 % 3, 7 % -3
7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 0.0 // -3, -0.0
2 ** 10, 2 ** -1, 2.0 ** 0.5, -2 ** 2, 2 ** 3 ** 2
10 / 4, 10 / 5, 1 / 3, 1e300 * 1e10, 0.1 + 0.2, 1e16, 123456789012345678.0, 1e15, 1.0e-5, 0.0001
2 ** 100, -(2 ** 64), big, big + 1, 10 ** 30 // 7
true + true, true * 3, -true, not true, 1 == true, 1.0 == 1, 0 == false
1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 != 2, 'a' < 'b' <= 'b', [1, 2] < [1, 3], (1,) < (1, 0)
3 in xs, 9 not in xs, 'ell' in s, 'b' in d, '' in s, 1 in (1, 2), none in mixed
s ~ n ~ f ~ nil ~ t ~ xs ~ missing ~ d
'a' 'b' "c"
'x' * 3, 3 * 'ab', [1] * 2, (1, 2) * 2, 'x' * -1, [1] + [2], (1,) + (2,)
[1, 2.0, 'a\'b"c', none, true], (1,), (), {}, {'a': [1, {'b': ()}], 2: none, none: 1, true: 0}
'\n\t\\\'\"\x41\u00e9\U0001F600\101\0q\q'
"a'b", 'a"b', "a'b\"c", ["a'b", 'a"b', "a'b\"c", '\n\x00\x7f\u200b é 😀 \\']
s[0], s[-1], s[99], s[1:4], s[::-1], s[::2], s[-3:], s[:-3], s[5:1], s[10:0:-3], u[6], u[6:8], u[::-1]
xs[0], xs[-1], xs[9], xs[1:], xs[::-1], xs[:1], xs[5:], (1, 2, 3)[1:], xs[true]
d.b, d['b'], d.zzz, d['zzz'], d.items is callable, d['items'], d.get('a'), d.get('q'), d.get('q', 5), d['1'], d[1]
d.keys(), d.values(), d.items(), d.keys() | list, dd.items(), d.keys() | length, 'a' in d.keys()
people[0].name, people.0.name, people[1]['age'], people[0].tags[0]
n if t else 'x', n if no, 'a' if no else 'b' if nil else 'c', (n if no) is defined
t and n, no and n, nil or 'x', no or nil, not n, not nil, t and no or 5
missing, missing is defined, missing or 1, missing | default('d'), missing | list, missing | length, not missing
missing == missing, missing == none, missing in [1], 1 in missing, missing ~ 'x', missing is iterable, missing is sequence
[missing], {'a': missing}, missing | string, missing | upper, missing | join(','), missing | first | default('f')
n is odd, n is even, n is divisibleby(7), n is divisibleby 3, n is number, n is integer, f is float, t is boolean
s is string, xs is string, xs is sequence, d is mapping, d is sequence, d is iterable, n is iterable, nil is none
t is true, no is false, n is true, 'a' is lower, 'A' is upper, 'a1' is lower, '1' is lower, s is not string
n is eq 7, n is equalto(7), n is ne 3, n is gt 3, n is lt 3, n is ge 7, n is le 6, 3 is in xs, n is sameas n, nil is sameas none
'upper' is filter, 'zap' is filter, 'odd' is test, 'zap' is test, range is callable, n is callable, 'x'|e is escaped
xs is defined and n is not none and not s is none
s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), u.upper(), u.lower(), u.title(), u.capitalize(), u.casefold(), u.swapcase()
ws.strip() ~ '|', ws.lstrip() ~ '|', ws.rstrip() ~ '|', 'xxaxx'.strip('x'), 'abcab'.strip('ba'), 'xya'.lstrip('yx'), 'ayx'.rstrip('xy'), 'é'.strip('é')
ws.split(), 'a,b,,c'.split(','), 'a,b,c'.split(',', 1), ' a b c '.split(none, 1), 'a b c'.rsplit(' ', 1), ' a  b '.rsplit(none, 1), ''.split(), ''.split(',')
'a<br>b<br>'.split('<br>'), 'abc'.split('b', maxsplit=0), 'k=v=w'.partition('='), 'kv'.partition('='), 'k=v=w'.rpartition('='), 'kv'.rpartition('=')
lines.splitlines(), lines.splitlines(true), 'a\n'.splitlines(), ''.splitlines(), 'a\vb\fc'.splitlines()
s.startswith('Hell'), s.startswith(('x', 'H')), s.endswith('ld'), s.endswith(()), s.startswith('ello', 1), s.endswith('o', 0, 5), s.startswith('', 99)
s.find('o'), s.rfind('o'), s.find('zz'), s.find('o', 5), s.index('W'), s.count('l'), s.count(''), u.find('世'), s.find('', 12), s.find('', 13)
s.replace('l', 'L'), s.replace('l', 'L', 1), 'ab'.replace('', '-'), 'ab'.replace('', '-', 2), ''.replace('', 'x'), s.replace('o', '')
', '.join(ys), ''.join([]), '-'.join('abc'), ','.join(d)
'7'.zfill(3), '-7'.zfill(4), 'ab'.center(5) ~ '|', 'ab'.center(7, '*'), 'abc'.center(6, '*'), 'ab'.ljust(4) ~ '|', 'ab'.rjust(4, '.'), 'a\tb'.expandtabs(4)
'abc'.isalpha(), 'ab1'.isalnum(), '12'.isdigit(), '²'.isdigit(), '½'.isnumeric(), '٣'.isdecimal(), ' \n'.isspace(), 'Ab'.istitle(), 'AB'.isupper(), 'ab'.islower(), ''.isalpha(), 'é'.isascii(), 'a_1'.isidentifier()
'prefix-x'.removeprefix('prefix-'), 'x.py'.removesuffix('.py'), 'x'.removesuffix('yy')
'{} and {}'.format(1, 'x'), '{1}{0}'.format('a', 'b'), '{a}-{b[k]}-{c.name}'.format(a=1, b={'k': 2}, c=people[0]), '{{}}'.format(), '{!r}'.format('q')
'{:>5}|{:<5}|{:^5}|{:*^7}|{:05d}|{:+d}|{:,}|{:.2f}|{:x}|{:#x}|{:b}|{:e}|{:%}|{:.3}|{:5.1f}|{:g}'.format('a', 'b', 'c', 'd', 42, 42, 1234567, 3.14159, 255, 255, 5, 12345.678, 0.25, 'abcdef', 2.25, 0.00001)
'%s %d %r %5.2f %x %% %c %-5s| %05d %+d %e %g %i %s'|format('a', 42, 'q', 3.14159, 255, 'z', 'l', 42, 5, 12345.678, 0.0001, 7.9, xs)
'%(a)s-%(b)d'|format(a='x', b=3), '%s' % 'x', '%s,%s' % (1, 2), '%(k)s' % {'k': 'v'}, '%s' % xs, '%5s|%-5s|' % ('ab', 'cd'), '%.2s' % 'abc'
xs.index(1), xs.count(3), (1, 2, 2).count(2), d.copy() == d, 5 .bit_length(), 2.0.is_integer()
range(5), range(5) | list, range(1, 6, 2) | list, range(5, 0, -2) | list, range(3)[1], range(10)[2:8:3], 3 in range(5), range(3) | length, range(0) | list
dict(a=1, b=2), dict([('x', 1), (2, 3)]), dict(d, z=9), dict({'q': 1}).q
xs | sort, ys | sort, ys | sort(true), ys | sort(case_sensitive=true), ys | sort(reverse=true), people | sort(attribute='age') | map(attribute='name') | list
people | sort(attribute='age,name') | map(attribute='name') | list, xs | sort(reverse=true) | first
xs | min, xs | max, ys | min, ys | max, ys | max(case_sensitive=true), people | max(attribute='age'), missing | min, [] | max is defined
xs | sum, people | sum(attribute='age'), xs | sum(start=10), [[1], [2]] | sum(start=[]), [0.1, 0.2] | sum
xs | reverse | list, s | reverse, ys | reverse | join, xs | last, xs | first, s | last, s | first, [] | first, [] | last, d | first, d | last
ys | unique | list, ys | unique(true) | list, people | unique(attribute='age') | map(attribute='name') | list
ys | join(', '), people | join('/', attribute='name'), xs | join, 'abc' | join('-'), mixed | join('|')
ys | map('upper') | list, ys | map('replace', 'a', 'z') | join, people | map(attribute='tags', default='-') | list, people[::2] | map(attribute='tags.0') | map('default', '?') | list, nil | map('upper') | list
xs | select('odd') | list, xs | reject('odd') | list, xs | select('gt', 1) | list, mixed | select | list, mixed | select('string') | list, xs | select('in', [1, 3]) | list
people | selectattr('age', 'equalto', 30) | map(attribute='name') | join(','), people | selectattr('tags') | list | length, people | rejectattr('tags') | list | length, people | selectattr('tags', 'defined') | list | length
people | rejectattr('age', 'gt', 5) | map(attribute='name') | first
people | groupby('age'), (people | groupby('age'))[0].grouper, (people | groupby('age'))[1].list | length, people | groupby('city', default='x') | length
xs | batch(2) | list, xs | batch(2, 'z') | list, range(7) | slice(3) | list, range(7) | slice(3, 'f') | list
d | dictsort, d | dictsort(true), d | dictsort(false, 'key', true), {'x': 3, 'y': 1} | dictsort(by='value'), d | items | list, dd | items | list, missing | items | list
xs | list is sameas xs, 'abc' | list, d | list, xs | length, s | length, u | length, d | count
s | trim, ws | trim ~ '|', 'xxaxx' | trim('x'), s | replace('o', '0', 1), 5 | replace(5, 6), s | upper | lower | capitalize | title
'hello-world (foo [bar' | title, "it's a TEST\tx" | title, 'ß ŉ' | title, nil | title, 'dž' | title
'a\nb\n\nc' | indent, 'a\nb\n\nc' | indent(2, true), 'a\nb\n\nc' | indent(2, blank=true), 'a\nb' | indent('> '), 'a\nb\n' | indent ~ '|', '' | indent(2, true) ~ '|'
('word ' * 100) | truncate, ('foo bar baz qux' | truncate(9)), 'foo bar baz qux' | truncate(9, true), 'foo bar baz qux' | truncate(11), 'foo bar baz qux' | truncate(9, leeway=0), 'foo bar baz qux' | truncate(9, false, '..', 0)
s | wordcount, u | wordcount, 'x' | center(5) ~ '|', 'a_b c-d' | wordcount
'42' | int, '42.9' | int, 'x' | int, 'x' | int(5), '0x1f' | int(0, 16), '0b11' | int(0, 0), ' 12_3 ' | int, 3.99 | int, -3.99 | int, nil | int, true | int, '1e3' | int, [] | int(3)
'2.5' | float, 'x' | float, 'x' | float(1.5), 3 | float, ' 1e3 ' | float, ('inf' ~ empty) | float, ('nan' ~ empty) | float, '1_0.5' | float, nil | float, '.5' | float, '5.' | float
2.5 | round, 3.5 | round, 2.675 | round(2), 1234.5 | round(-2), 5 | round, 25 | round(-1), 35 | round(-1), 2.1 | round(method='ceil'), 2.19 | round(1, 'floor'), -2.5 | round, 5 | round(0, 'ceil')
-5 | abs, neg | abs, -2.5 | abs, true | abs, (-3) | abs, -7.5 | int
html | e, html | escape | e, html | safe, html | striptags, '<b>' | e ~ '<i>', ('<b>' | safe) + '<i>', ['<b>' | e], html | forceescape | length, ('a' | safe) * 2, '<b>' | safe | upper, ('<i>' | safe).join(['<', '>' | safe]), ('%s' | safe) % '<'
'a b/c?d=é&' | urlencode, {'a b': 1, 'c': '/é'} | urlencode, [('k', 'v v')] | urlencode, 5 | urlencode
1000 | filesizeformat, 999 | filesizeformat, 1 | filesizeformat, 1500000 | filesizeformat, 1048576 | filesizeformat(true), 0 | filesizeformat, 1e30 | filesizeformat
d | tojson, mixed | tojson, u | tojson, u | tojson(true), xs | tojson(indent=2), d | tojson(indent=4), [] | tojson(indent=2), {} | tojson(indent=2), {'a': {}, 'b': [[]]} | tojson(indent=1)
d | tojson(separators=(',', ':')), {'b': 1, 'a': 2} | tojson(sort_keys=true), (1, 2) | tojson, 1.0 | tojson, 1e22 | tojson, nil | tojson, "\n\t\"\\/<>&'\x7f\x00" | tojson, {1: 2, none: 3, true: 4, 1.5: 5} | tojson, xs | tojson(indent='--'), xs | tojson(indent=0)
('inf' ~ empty) | float | tojson, ('nan' ~ empty) | float | tojson, '<' | e | tojson, xs | tojson(4), d | tojson(false, 2)
n | default(1), nil | default(1), nil | default(1, true), '' | d('x', boolean=true), missing | d
d | attr('items') is callable, d | attr('b'), s | attr('upper') is callable, missing_attr | default('x')
namespace(a=1).a, namespace({'q': 2}).q, namespace(x=[1]), namespace(a=1)['a'], namespace().zz
cycler('a', 'b').next(), cycler(1, 2).current, joiner()() ~ joiner('|')()
f2, f3, 1e100, 1.5e-10, 100000.0, 1234567.891, -0.5, 5e-324, 1.7976931348623157e308
0x1F, 0b101, 0o17, 1_000, 1_0.5_0, 1e3, 1E-2, 00
d.items() | list, d.values() | sum if no else 0, d.items() | map('first') | list, d.items() | map('last') | join(';')
s.nope, xs.nope
xs == [3, 1, 2], xs == (3, 1, 2), d == {'a': 2}, {'a': 1, 'b': 2} == {'b': 2, 'a': 1}, 'a' == 'a', nil == none, [1] != [1.0]
[1, [2, [3]]] | string, {'a': 'b'} | string | length, 5 | string ~ 5, true | string, nil | string
(1, 2) | first, [(1, 2), (3, 4)] | map('last') | list, [[1, 'b'], [1, 'a']] | sort, [{'a': 1}] | sort | length
""".strip().split("\n")

STATEMENTS = [
    "{% for x in xs %}{{ loop.index }}/{{ loop.index0 }}/{{ loop.revindex }}/{{ loop.revindex0 }}/{{ loop.first }}/{{ loop.last }}/{{ loop.length }}/{{ loop.depth }}/{{ loop.previtem }}/{{ loop.nextitem }};{% endfor %}",
    "{% for x in xs if x > 1 %}{{ x }}{{ loop.index }}{{ loop.last }}{{ loop.length }}{% else %}none{% endfor %}",
    "{% for x in [] %}a{% else %}b{% endfor %}|{% for x in missing %}a{% else %}b{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }},{% endfor %}{% for (a, b) in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in [1] %}{% break %}{% else %}E{% endfor %}{% for x in [1, 2] %}{% if x == 1 %}{% continue %}{% endif %}{% else %}E{% endfor %}",
    "{% for n in tree recursive %}{{ n.v }}@{{ loop.depth }}{{ loop.depth0 }}{% if n.c %}({{ loop(n.c) }}){% endif %}{% endfor %}",
    "{% for x in ys %}{{ loop.cycle('o', 'e') }}{{ loop.changed(x | lower) }}{% endfor %}",
    "{% for x in [1, 1, 2] %}{% if loop.changed(x) %}[{{ x }}]{% endif %}{% endfor %}",
    "{% for x in xs %}{% for y in xs %}{{ loop.index }}{{ x }}{% endfor %}{{ loop.index }};{% endfor %}",
    "{% for c in 'añb' %}{{ c }}.{% endfor %}{% for k in d %}{{ k }}{% endfor %}{% for x in xs | map('string') %}{{ loop.length }}{{ loop.last }}{{ x }}{% endfor %}",
    "{% set a = 1 %}{% for x in xs %}{% set a = a + x %}{{ a }},{% endfor %}{{ a }}",
    "{% set ns = namespace(a=1, b='x') %}{% for x in xs %}{% set ns.a = ns.a + x %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d2) = (3, 4) %}{{ c }}{{ d2 }}{% set e = 1, 2 %}{{ e }}",
    "{% set ns = namespace() %}{% set ns.x, y = 1, 2 %}{{ ns.x }}{{ y }}",
    "{% set a %}x{{ n }}y{% endset %}{{ a }}{{ a | length }}{% set b | upper | replace('X', 'z') %}x{{ n }}y{% endset %}{{ b }}",
    "{% if n == 7 %}{% set q = 'yes' %}{% else %}{% set q = 'no' %}{% endif %}{{ q }}",
    "{% if no %}a{% elif nil %}b{% elif n %}c{% else %}d{% endif %}{% if no %}x{% endif %}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}{% with %}{% set z = 3 %}{{ z }}{% endwith %}{{ z }}{% set a = 5 %}{% with a = 6, b = a %}{{ a }}{{ b }}{% endwith %}",
    "{% macro m(a, b=2, c='x' ~ a) %}<{{ a }}{{ b }}{{ c }}>{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=5, a=6) }}{{ m(1, c=2) }}{{ m() }}{{ m.name }}{{ m.arguments }}",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}",
    "{% macro m(x) %}[{{ caller() }}{{ x }}]{% endmacro %}{% call m(1) %}in{{ n }}{% endcall %}",
    "{% macro m(x) %}{{ caller(x, y=2) }}{% endmacro %}{% call(a, y=1) m(5) %}{{ a }}-{{ y }}{% endcall %}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %},{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}",
    "{% macro outer() %}{% macro inner(x) %}({{ x }}){% endmacro %}{{ inner(1) }}{{ inner(2) }}{% endmacro %}{{ outer() }}{{ inner is defined }}",
    "{% set g = 1 %}{% macro m() %}{{ g }}{{ loop is defined }}{% set g = 5 %}{{ g }}{% endmacro %}{{ m() }}{{ g }}{% set g = 2 %}{{ m() }}{% for i in [1] %}{{ m() }}{% endfor %}",
    "{% macro m(x) %}{{ x is defined }}{{ x }}{% endmacro %}{{ m() }}|{{ m(none) }}|{{ m(missing) }}",
    "{% macro a(x) %}{{ b(x) }}{% endmacro %}{% macro b(x) %}<{{ x }}>{% endmacro %}{{ a(1) }}{{ a(1) | length }}{{ a(1) ~ '!' }}",
    "{% filter upper %}ab{{ s }}{% endfilter %}{% filter replace('a', 'b') | upper %}aaa{% endfilter %}{% filter trim %}  x {% endfilter %}",
    "{% raw %}{{ x }}{% if %}{# c #}{% endraw %}|{%- raw -%}  a {{ b }} {%- endraw -%}  |{% raw %}\n a\n{% endraw %}\nb",
    "{# comment #}a{#- c -#}  b {#+ c +#}\n c\n{# x\ny #}\nd",
    "a  {{- n -}}  b  {{ n }}  c  {%- if t -%}  d  {%- endif -%}  e",
    "  {% if t %}\n  x\n  {% endif %}\n  y\n",
    "  {%+ if t %}\n  x\n  {%+ endif +%}\n  y",
    "x\n  {%- if t %}\n\n  y\n{% endif -%}\n\n  z\n\n",
    "\n\n{% if t %}  \n  a {% endif %}\n\tb\n \t {% if t %}c{% endif %}  \n",
    "a {% if t %} b {% endif %} c\r\n{% if t %}\r\nd{% endif %}\re\r\n",
    "{{ n }}\n{{ n }}\n\n",
    "\u00a0{% if t %}x{% endif %}\u00a0\n\u2003{% if t %}y{% endif %}",
    "{% generation %}a{{ n }}{% set q = 1 %}{% endgeneration %}{{ q }}",
    "{% for m in people %}{% generation %}{{ m.name }}{{ loop.index }}{% endgeneration %};{% endfor %}",
    "{% block a %}x{{ n }}{% endblock %}{% block b scoped %}y{% endblock b %}",
    "{% print n, s %}{% print 'x' %}",
    "{% set it = xs | map('string') %}{{ it | join }}|{{ it | join }}|{{ (xs | select('odd')) | list }}{{ xs | reverse | list }}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}{% set j = joiner(',') %}{{ j() }}{{ j() }}{{ j() }}",
    "{% for x in xs %}{% set ns = namespace(v=x) %}{{ ns.v }}{% endfor %}{{ ns is defined }}",
    "{% set x = 5 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}",
    "{% for i in [1, 2, 3] %}{% if loop.first %}{% set y = i %}{% endif %}{{ y is defined }}{% endfor %}",
    "{% set fn = s.upper %}{{ fn() }}{% set m = d.get %}{{ m('a') }}{{ m('zz', 1) }}",
    "{{ range(*[1, 4]) | list }}{{ dict(**{'a': 1}) }}{{ dict(a=1, **{'b': 2}) }}",
    "{{ 'a' }}{{- 'b' }} {{ 'c' -}} d {{+ 'e' }}",
    "{% if 'a' in 'abc' and not 'z' in 'abc' or false %}ok{% endif %}{% if not (1 > 2 or 3 < 2) %}ok{% endif %}",
    "{%- for m in people -%}\n  {{ m.name }}\n{%- if not loop.last %}, {% endif -%}\n{%- endfor %}\n!",
    "{% for i in range(3) %}{% for j in range(3) %}{% if j > i %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
    "{% for x in xs %}{% filter upper %}a{{ x }}{% if x == 1 %}{% continue %}{% endif %}{% endfilter %}{% endfor %}",
    "{{ {'a': 1}.a }}{{ [1, 2][1] }}{{ (1, 2)[0] }}{{ 'abc'[1] }}{{ 'abc'.upper()[1:] | lower }}{{ -3 | abs }}{{ (-3) | abs }}",
    "{%if t%}a{%endif%}{%set a=1%}{{a}}{{a+1}}{%-for x in xs%}{{x}}{%endfor%}",
    "a{#", "a{% raw %}",
    "{{ __class__ }}{{ ''.__class__ }}{{ xs.append }}{{ d._x }}{{ d.__len__ is defined }}",
    "{{ raise_exception is defined }}{{ strftime_now is callable }}{{ strftime_now('%%') }}{{ strftime_now('') }}{{ strftime_now('x y') }}",
]

FAILING = [
    "{{ missing.x }}", "{{ missing() }}", "{{ missing + 1 }}", "{{ 1 + missing }}", "{{ -missing }}", "{{ missing[0] }}", "{{ missing < 1 }}",
    "{{ nil.x.y }}", "{{ d.zzz.y }}", "{{ s.nope() }}", "{{ 1 + 'a' }}", "{{ 'a' + 1 }}", "{{ xs + (1,) }}", "{{ 1 / 0 }}", "{{ 1 // 0 }}",
    "{{ 1 % 0 }}", "{{ 1.0 / 0 }}", "{{ xs < 1 }}", "{{ 'a' < 1 }}", "{{ mixed | sort }}", "{{ 1 in 5 }}", "{{ 1 in 'a' }}", "{{ [] in d }}",
    "{{ xs.append(1) }}", "{{ d.update({}) }}", "{{ d.pop('a') }}", "{{ ''.__class__() }}", "{{ ''.__class__.__mro__ }}", "{{ raise_exception('no') }}",
    "{{ n() }}", "{{ s() }}", "{{ s | nope }}", "{{ s is nope }}", "{{ n | length }}", "{{ nil | length }}", "{% for x in n %}{% endfor %}",
    "{% for x in nil %}{% endfor %}", "{% for a, b in [1] %}{% endfor %}", "{% for a, b in [(1,)] %}{% endfor %}", "{% set a, b = 1, 2, 3 %}",
    "{% set ns.x = 1 %}", "{% set d = {} %}{% set d.x = 1 %}", "{% set ns = namespace() %}{% set ns._x = 1 %}", "{{ namespace(_a=1) }}",
    "{{ range(100001) }}", "{{ range(0, 10, 0) }}", "{{ range('a') }}", "{{ 'x' | join(1, 2, 3) }}", "{{ 'a'.split('') }}", "{{ 'a'.index('z') }}",
    "{{ ', '.join([1]) }}", "{{ 'a'.replace('a') }}", "{{ 'a'.strip(1) }}", "{{ xs | tojson(foo=1) }}", "{{ missing | tojson }}", "{{ range(2) | tojson }}",
    "{{ (xs | map('upper')) | tojson }}", "{{ s | upper(1) }}", "{{ {[]: 1} }}", "{{ d[[]] .x }}", "{{ 'a' * 'b' }}", "{{ '%d' % 'a' }}", "{{ '%s %s' % 'a' }}",
    "{{ '%s' % ('a', 'b') }}", "{{ '{}'.format() }}", "{{ '{a}'.format() }}", "{{ '{:d}'.format('a') }}", "{{ 'a' | int(base=2).x }}", "{{ xs | first(1) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(b=1) }}", "{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}",
    "{% for x in xs %}{{ loop(x) }}{% endfor %}", "{{ loop.index }}", "{{ xs | round }}", "{{ 'a' | abs }}", "{{ 'a' | sum }}", "{{ ['a'] | sum }}",
    "{{ x is divisibleby 2 }}", "{{ s[::0] }}", "{{ s['a':] }}", "{{ n[1:] }}", "{{ d[1:] }}", "{% include 'x' %}", "{% import 'x' as y %}", "{% extends 'x' %}",
    "{{ }}", "{{ 1 + }}", "{{ 1 2 }}", "{{ (1 }}", "{{ 1) }}", "{{ [1 }}", "{{ {1} }}", "{{ {'a': } }}", "{{ 'abc }}", "{{ a. }}", "{{ a.'b' }}", "{{ a | }}",
    "{{ a is }}", "{{ a is b is c }}", "{{ f(a=1, 2) }}", "{{ f(**a, b) }}", "{{ @ }}", "{{ a ? b }}", "{{ a", "{% if", "{% if %}{% endif %}", "{% if a %}",
    "{% endif %}", "{% for %}{% endfor %}", "{% for x y %}{% endfor %}", "{% for x in y %}", "{% for 1 in y %}{% endfor %}", "{% set 1 = 2 %}", "{% set x %}",
    "{% set a.b.c = 1 %}", "{% macro %}{% endmacro %}", "{% macro m(a=1, b) %}{% endmacro %}", "{% call x %}{% endcall %}", "{% nope %}", "{% else %}", "{# x", "{% raw %} x", "{{ x is defined if t else 2 }}",
    "{% break %}", "{% for loop in xs %}{% set loop = 1 %}{% endfor %}", "{{ '\\x4' }}", "{{ '\\u12' }}", "{{ 1 | 2 }}", "{% if a %}{% endfor %}", "{{ a b }}", "{% 5 %}",
    "{{ not }}", "{{ a if }}", "{{ a not b }}", "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{{ 'a' if missing.x }}", "{{ 5 | batch }}", "{{ d | dictsort(by='x') }}",
]
