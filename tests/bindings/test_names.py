def messages(found):
    return [f"{diagnostic.code}: {diagnostic.message}" for diagnostic in found]


def test_two_nodes_cannot_fall_back_to_one_function(implemented):
    program = "source ReadIt => Read_It; ReadIt () -> (); Read_It () -> ();"
    [found] = implemented(None, program).names()
    assert (found.code, found.message) == (
        "name-clash",
        "`ReadIt` and `Read_It` would be one function, `read_it`",
    )
    assert [found.primary.span.text, found.others[0].span.text] == ["Read_It", "ReadIt"]


def test_fallback_of_a_node_cannot_be_another_node(implemented):
    program = "source ReadIt => read_it; ReadIt () -> (); read_it () -> ();"
    assert len(implemented(None, program).names()) == 1


def test_node_and_predicate_of_one_name_are_one_function(implemented):
    program = """
    source S => F;
    S () -> (int a);
    F:[even] = ;
    F:[_] = Even;
    Even (int a) -> (int a);
    typedef even Even;
    """
    assert implemented(None, program).names() == ()


def test_hooks_cannot_be_nodes(implemented):
    program = "source Init => shutdown; Init () -> (); shutdown () -> ();"
    assert messages(implemented(None, program).names()) == [
        "name-clash: `Init` would be the function `init`, which runs before the sources",
        "name-clash: `shutdown` would be the function `shutdown`, which runs after the last flow",
    ]


def test_keyword_of_python_cannot_be_a_node(implemented):
    program = "source S => class; S () -> (); class () -> ();"
    found = implemented("def s(): ...", program).check()
    assert messages(found) == ["reserved-name: no function can be called `class` in Python"]


def test_no_node_falls_back_to_a_keyword(implemented):
    program = "source S => Class; S () -> (); Class () -> ();"
    assert implemented("def s(): ...\ndef Class(): ...", program).check() == ()


def test_names_that_nothing_runs_do_not_clash(implemented):
    program = "source S => ReadIt; S () -> (); ReadIt () -> (); Read_It () -> ();"
    assert implemented(None, program).names() == ()
