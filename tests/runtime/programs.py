"""Hand-written programs of the form that the compiler generates."""

# ruff: noqa: ARG001, B904, BLE001, N802, N806 - generated code has the form and names of Flux

from flux.runtime import Program, Source


def plain(nodes, constraints):
    """Bind `source Listen => Work;`."""
    Work = nodes.function("Work", gives=0)
    Listen = nodes.opening("Listen", gives=1)

    def Work_routine(flow, item):
        Work(item)

    def Listen_turn(flow):
        return Listen()

    return Program(Source("Listen", turn=Listen_turn, gives=1, opening=Listen, flow=Work_routine))


def handled(nodes, constraints):
    """Bind `source Listen => Work; handle error Work -> Repair;`."""
    Repair = nodes.function("Repair", gives=0)
    Work = nodes.function("Work", gives=0)
    Listen = nodes.opening("Listen", gives=1)

    def Work_routine(flow, item):
        try:
            Work(item)
        except Exception as error:
            raise flow.handle(error, Repair, item)

    def Listen_turn(flow):
        return Listen()

    return Program(Source("Listen", turn=Listen_turn, gives=1, opening=Listen, flow=Work_routine))


def locked(nodes, constraints):
    """Bind `source Listen => Work; constraint Work:{cache};`."""
    Work = nodes.function("Work", gives=0)
    Listen = nodes.opening("Listen", gives=1)
    acquire_cache, release_cache = constraints.writer("cache")

    def Work_routine(flow, item):
        acquire_cache()
        try:
            Work(item)
        finally:
            release_cache()

    def Listen_turn(flow):
        return Listen()

    return Program(Source("Listen", turn=Listen_turn, gives=1, opening=Listen, flow=Work_routine))


def sessions(nodes, constraints):
    """Bind `Listen = Accept -> Check; source Listen {session: ById} => Work;`."""
    Work = nodes.function("Work", gives=0)
    Check = nodes.function("Check", gives=2)
    ById = nodes.session("ById")
    Accept = nodes.opening("Accept", gives=1)
    acquire_cart, release_cart = constraints.session_writer("cart")

    def Work_routine(flow, user, item):
        acquire_cart(flow.session)
        try:
            Work(user, item)
        finally:
            release_cart(flow.session)

    def Listen_turn(flow):
        user, item = Check(Accept())
        flow.session = ById(user, item)
        return user, item

    return Program(Source("Listen", turn=Listen_turn, gives=2, opening=Accept, flow=Work_routine))


def bare(nodes, constraints):
    """Bind `source Tick => Tock; source Tack => Tock;`, without inputs."""
    Tock = nodes.function("Tock", gives=0)
    Tick = nodes.opening("Tick", gives=0)
    Tack = nodes.opening("Tack", gives=0)

    def Tock_routine(flow):
        Tock()

    def Tick_turn(flow):
        Tick()

    def Tack_turn(flow):
        Tack()

    return Program(
        Source("Tick", turn=Tick_turn, gives=0, opening=Tick, flow=Tock_routine),
        Source("Tack", turn=Tack_turn, gives=0, opening=Tack, flow=Tock_routine),
    )
