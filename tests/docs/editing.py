"""Changing files as a page says: by definitions that replace others, or by lines with + and -."""

import ast


def amended(old: str, new: str) -> str:
    """A file's text with what a block adds to it or replaces in it."""
    parts = _parts(old) | _parts(new)
    imports = [text for name, text in parts.items() if _is_on_top(name)]
    others = [text for name, text in parts.items() if not _is_on_top(name)]
    return "\n\n".join(["\n".join(imports), *others]) + "\n"


def patched(old: str, diff: str) -> str:
    """A file's text after a diff, whose places are parted by empty lines."""
    for place in diff.strip("\n").split("\n\n"):
        lines = place.splitlines()
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        if old.count(before) != 1:
            raise ValueError(f"not one place holds\n{before}")
        old = old.replace(before, after)
    return old


def _parts(text: str) -> dict[str, str]:
    """The statements of a file by what they define, with the comments above them."""
    parts, lines, start = {}, text.splitlines(), 0
    for statement in ast.parse(text).body:
        assert statement.end_lineno is not None
        parts[_name(statement)] = "\n".join(lines[start : statement.end_lineno]).strip("\n")
        start = statement.end_lineno
    return parts


def _name(statement: ast.stmt) -> str:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return ast.unparse(target)
        case ast.ImportFrom(module=module):
            return f"from {module} import"
        case _:
            return ast.unparse(statement)


def _is_on_top(name: str) -> bool:
    """Whether it is an import or the docstring."""
    return name.startswith(("from ", "import ", "'"))
