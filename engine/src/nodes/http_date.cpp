#include "http_date.hpp"

#include <array>

namespace flux::nodes::http {

namespace {

constexpr std::string_view days = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

// The last moment that a thread asked for, as a text: it asks for the same one a whole second long.
struct Stamp {
  std::time_t moment = -1;
  std::array<char, 29> text;
};

constexpr void put_number(char* at, int digits, int number) noexcept {
  for (int place = digits - 1; place >= 0; --place, number /= 10) {
    at[place] = static_cast<char>('0' + number % 10);
  }
}

// The locale has no say in it, as it has in strftime.
void write(Stamp& stamp, std::time_t moment) noexcept {
  std::tm time{};
  gmtime_r(&moment, &time);
  constexpr std::string_view form = "xxx, 00 xxx 0000 00:00:00 GMT";
  form.copy(stamp.text.data(), form.size());
  char* const text = stamp.text.data();
  days.copy(text, 3, 3 * static_cast<std::size_t>(time.tm_wday));
  put_number(text + 5, 2, time.tm_mday);
  months.copy(text + 8, 3, 3 * static_cast<std::size_t>(time.tm_mon));
  put_number(text + 12, 4, time.tm_year + 1900);
  put_number(text + 17, 2, time.tm_hour);
  put_number(text + 20, 2, time.tm_min);
  put_number(text + 23, 2, time.tm_sec);
  stamp.moment = moment;
}

}  // namespace

std::string_view date(std::time_t moment) noexcept {
  thread_local Stamp stamp;
  if (stamp.moment != moment) write(stamp, moment);
  return {stamp.text.data(), stamp.text.size()};
}

}  // namespace flux::nodes::http
