/* flux: headers=<sqlite3.h> libs=sqlite3 */

/* The nodes of sql.flux that aren't functions of SQLite. */

#include "sql.h"

static sqlite3 *database;
static char **questions;
static int count;
static int next;

/* `DATABASE QUESTION…`: the file, which may be `:memory:`, and what to ask it. */
int flux_init(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: sql DATABASE QUESTION...\n");
    return 1;
  }
  questions = argv + 2;
  count = argc - 2;
  if (sqlite3_open(argv[1], &database) != SQLITE_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], sqlite3_errmsg(database));
    return 1;
  }
  return 0;
}

void flux_shutdown(void) { sqlite3_close(database); }

int Questions(sqlite3 **db, const char **sql, int *length) {
  if (next == count) return FLUX_END;
  *db = database;
  *sql = questions[next++];
  *length = (int)strlen(*sql);
  return 0;
}

/* A line for each row, its columns with tabs between them. */
int Print(sqlite3_stmt *statement, const char *rest, sqlite3_stmt **out_statement) {
  int result;
  (void)rest;
  while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      const unsigned char *text = sqlite3_column_text(statement, column);
      printf("%s%s", column ? "\t" : "", text ? (const char *)text : "");
    }
    printf("\n");
  }
  if (result != SQLITE_DONE) fprintf(stderr, "%s\n", sqlite3_errstr(result));
  *out_statement = statement;
  return 0;
}

int Complain(sqlite3 *db, const char *sql, int length) {
  fprintf(stderr, "%.*s: %s\n", length, sql, sqlite3_errmsg(db));
  return 0;
}
