#include "dates.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <span>

#include "text.hpp"

namespace {

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads a date from left to right; each step says whether what it wants was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  bool fixed() {
    return one_of(days) && text(", ") && number(2, day_) && text(" ") && month() && text(" ") &&
           number(4, year_) && text(" ") && time() && text(" GMT") && rest_.empty();
  }

  bool of_rfc850() {
    is_short_ = true;
    return one_of(long_days) && text(", ") && number(2, day_) && text("-") && month() &&
           text("-") && number(2, year_) && text(" ") && time() && text(" GMT") && rest_.empty();
  }

  bool of_asctime() {
    return one_of(days) && text(" ") && month() && text(" ") &&
           (rest_.starts_with(' ') ? text(" ") && number(1, day_) : number(2, day_)) && text(" ") &&
           time() && text(" ") && number(4, year_) && rest_.empty();
  }

  [[nodiscard]] std::optional<std::time_t> moment() const;

 private:
  bool text(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  bool one_of(std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [this](auto word) { return text(word); });
  }

  bool month() {
    month_ = 0;
    return std::any_of(months.begin(), months.end(), [this](auto word) {
      ++month_;
      return text(word);
    });
  }

  bool number(std::size_t digits, int& value) {
    const auto found = rest_.substr(0, digits);
    if (found.size() < digits || !text::all_digits(found)) return false;
    std::from_chars(found.data(), found.data() + digits, value);
    rest_.remove_prefix(digits);
    return true;
  }

  bool time() {
    return number(2, hour_) && text(":") && number(2, minute_) && text(":") && number(2, second_);
  }

  std::string_view rest_;
  bool is_short_ = false;  // a year of two digits
  int year_ = 0;
  unsigned month_ = 0;
  int day_ = 0;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
};

// The year with these last digits that is at most 50 years from now, else in the past.
int full_year(int two_digits) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  const int this_year = parts.tm_year + 1900;
  const int year = this_year - this_year % 100 + two_digits;
  return year > this_year + 50 ? year - 100 : year;
}

std::optional<std::time_t> Reader::moment() const {
  const std::chrono::year year{is_short_ ? full_year(year_) : year_};
  const auto date = year / std::chrono::month{month_} / day_;
  const bool known = hour_ < 24 && minute_ < 60 && second_ <= 60;  // a leap second may be
  if (!known || year == std::chrono::year{0} || !date.ok()) return {};
  const auto midnight = std::chrono::sys_days{date}.time_since_epoch();
  return std::chrono::seconds{midnight}.count() + hour_ * 3600 + minute_ * 60 + second_;
}

}  // namespace

std::string write_date(std::time_t seconds) {
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  const auto day = days.at(static_cast<std::size_t>(parts.tm_wday));
  const auto month = months.at(static_cast<std::size_t>(parts.tm_mon));
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", day.data(),
                parts.tm_mday, month.data(), parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

std::optional<std::time_t> read_date(std::string_view text) {
  for (const auto form : {&Reader::fixed, &Reader::of_rfc850, &Reader::of_asctime}) {
    Reader reader{text};
    if ((reader.*form)()) return reader.moment();
  }
  return {};
}
