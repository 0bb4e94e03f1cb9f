// flux: libs=pq

#include "query.h"

#include <postgresql/libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>

namespace {

using Connection = std::unique_ptr<PGconn, void (*)(PGconn*)>;
using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

const char* database = nullptr;
const char* question = nullptr;
int count = 0;
int last = 0;

std::string ask() {
  const Connection connection{PQconnectdb(database), PQfinish};
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error{PQerrorMessage(connection.get())};
  }
  const Result result{PQexec(connection.get(), question), PQclear};
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
    throw std::runtime_error{PQerrorMessage(connection.get())};
  }
  return PQgetvalue(result.get(), 0, 0);
}

}  // namespace

int flux_init(int argc, char** argv) {
  if (argc != 4) return 1;
  database = argv[1];
  question = argv[2];
  count = std::atoi(argv[3]);
  return 0;
}

int Numbers(int* number) {
  if (last == count) return FLUX_END;
  *number = ++last;
  return 0;
}

int Ask(int number, int* out_number, std::string* answer, int* thread) {
  *out_number = number;
  *thread = gettid();
  *answer = ask();
  return gettid() == *thread ? 0 : EXDEV;
}

int Print(int number, std::string answer, int thread) {
  return std::printf("%d\t%s\t%d\n", number, answer.c_str(), thread) < 0;
}

// The message has several lines.
int Complain(int number) {
  std::string text = flux_current_error()->text;
  std::replace_if(
      text.begin(), text.end(), [](unsigned char one) { return std::iscntrl(one); }, ' ');
  return std::printf("%d\t%s\n", number, text.c_str()) < 0;
}
