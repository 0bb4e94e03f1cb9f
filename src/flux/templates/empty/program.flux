// Counts the words in each line of the standard input.

ReadLine () -> (str line);
CountWords (str line) -> (str line, int words);
Show (str line, int words) -> ();

source ReadLine => Line;
Line = CountWords -> Show;
