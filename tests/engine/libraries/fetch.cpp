// flux: libs=curl

#include "fetch.h"

#include <curl/curl.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace {

std::string address;
int count = 0;
int last = 0;

std::size_t append(char* bytes, std::size_t, std::size_t size, void* text) {
  static_cast<std::string*>(text)->append(bytes, size);
  return size;
}

std::string get(const std::string& url) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl{curl_easy_init(), curl_easy_cleanup};
  std::string text;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &text);
  const CURLcode result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) throw std::runtime_error{url + ": " + curl_easy_strerror(result)};
  return text;
}

}  // namespace

int flux_init(int argc, char** argv) {
  if (argc != 3) return 1;
  address = argv[1];
  count = std::atoi(argv[2]);
  return curl_global_init(CURL_GLOBAL_DEFAULT);
}

void flux_shutdown() { curl_global_cleanup(); }

int Numbers(int* number) {
  if (last == count) return FLUX_END;
  *number = ++last;
  return 0;
}

// What fails is told to the server, too, before anybody else hears of it.
int Fetch(int number, int* out_number, std::string* text, int* thread) {
  *out_number = number;
  *thread = gettid();
  try {
    *text = get(address + "/" + std::to_string(number));
  } catch (const std::exception&) {
    get(address + "/failed/" + std::to_string(number));
    throw;
  }
  return gettid() == *thread ? 0 : EXDEV;
}

int Print(int number, std::string text, int thread) {
  return std::printf("%d\t%s\t%d\n", number, text.c_str(), thread) < 0;
}

int Complain(int number) { return std::printf("%d\t%s\n", number, flux_current_error()->text) < 0; }
