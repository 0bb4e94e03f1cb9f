// Names that Python, or the generated program, has other uses for.
source flow => program;
program = import -> nodes -> Exception;
typedef None IsNone;
nodes:[None, _] = ;
nodes:[_, _] = error;
constraint error:{def};
constraint Exception:{def};
flow () -> (int def);
import (int def) -> (int lambda, int error);
error (int lambda, int error) -> (int path, int nodes);
Exception (int print, int IsNone) -> ();
