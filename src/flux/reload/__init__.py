"""`flux run --reload`: a server whose text is watched, and replaced when the text is right.

A change wakes the supervisor. It looks at the contents, and where they differ it lets a process of
its own check them: compile, import, whatever `flux run` does before it serves. Only a text that
passes replaces the server: the old one drains and ends, then the new one starts.
"""
