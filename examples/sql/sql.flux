// Answers questions to an SQLite database, as many at a time as the runtime carries.
// Two of its nodes are functions of the library, as they are.

source Questions => Answer;
Answer = sqlite3_prepare_v2 -> Print -> sqlite3_finalize;
handle error sqlite3_prepare_v2 -> Complain;

constraint Print:{terminal};
constraint Complain:{terminal};

Questions () -> (sqlite3* db, const char* sql, int length);
sqlite3_prepare_v2 (sqlite3* db, const char* sql, int length)
  -> (sqlite3_stmt* statement, const char* rest);
Print (sqlite3_stmt* statement, const char* rest) -> (sqlite3_stmt* statement);
sqlite3_finalize (sqlite3_stmt* statement) -> ();

Complain (sqlite3* db, const char* sql, int length) -> ();
