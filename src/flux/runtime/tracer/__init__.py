"""The tracer: spans of OpenTelemetry, made of the records of a few flows.

Nothing of it is loaded before traces are asked for, and only it needs the extra `traces`. A flow
is traced by chance or because its caller is (`tracer`, `joining`); while it lives, nothing is
stored for that but who it is (`trace`). When it ends, its record becomes spans (`spans`), which a
thread of the SDK sends (`sender`).
"""
