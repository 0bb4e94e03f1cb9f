#include "php.hpp"

#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "interpreter.hpp"

#if !__has_include(<sapi/embed/php_embed.h>)
#error "no PHP: apt-get install libphp-embed php-dev; --cxxflags=\"$(php-config --includes)\""
#endif
#include <SAPI.h>
#include <php.h>
#include <php_main.h>
#include <php_variables.h>

#if PHP_VERSION_ID < 80200
#error "PHP is too old: 8.2 or later is needed"
#endif
#ifdef ZTS
#error "PHP is built for threads: one thread runs it here, so build it without --enable-zts"
#endif

namespace {

// PHP lets OPcache work only for servers whose name it knows; scripts take this one for PHP's own
// FastCGI server, of which they see the same.
constexpr const char* known_name = "cgi-fcgi";

// It has no meaning of its own that anybody counts on, and is ignored where nobody waits.
constexpr int interruption = SIGURG;

// What PHP calls may be left by a jump over them: nothing there may need a destructor.

// The script that runs, if one does.
Performance* performance() { return static_cast<Performance*>(SG(server_context)); }

std::size_t write(const char* text, std::size_t size) {
  auto* script = performance();
  if (script == nullptr) return std::fwrite(text, 1, size, stderr);
  if (!script->say({text, size})) php_handle_aborted_connection();
  return size;
}

void flush(void*) {
  if (auto* script = performance()) script->flush();
}

bool is_status(std::string_view field) {
  constexpr std::string_view status = "status:";
  return field.size() >= status.size() &&
         ::strncasecmp(field.data(), status.data(), status.size()) == 0;
}

// The fields of an answer, as CGI has them.
std::string head_of(const sapi_headers_struct& headers) {
  std::string head;
  bool has_status = false;
  for (const auto* each = headers.headers.head; each != nullptr; each = each->next) {
    const auto* field = reinterpret_cast<const sapi_header_struct*>(each->data);
    const std::string_view line{field->header, field->header_len};
    has_status = has_status || is_status(line);
    head.append(line).append("\r\n");
  }
  if (has_status) return head + "\r\n";
  return "Status: " + std::to_string(headers.http_response_code) + "\r\n" + head + "\r\n";
}

int send_headers(sapi_headers_struct* headers) {
  if (auto* script = performance()) script->say(head_of(*headers));
  return SAPI_HEADER_SENT_SUCCESSFULLY;
}

std::size_t read_body(char* into, std::size_t size) {
  auto* script = performance();
  size = std::min(size, script->body.size() - script->body_read);
  std::memcpy(into, script->body.data() + script->body_read, size);
  script->body_read += size;
  return size;
}

// What PHP takes for its own text, and only reads.
char* text_of(const std::string* found) {
  return found == nullptr ? nullptr : const_cast<char*>(found->c_str());
}

char* find(std::string_view name) {
  auto* script = performance();
  return script == nullptr ? nullptr : text_of(script->find(name));
}

char* read_cookies() { return find("HTTP_COOKIE"); }

char* get_environment(const char* name, std::size_t size) { return find({name, size}); }

void add_variable(const char* name, const std::string& value, zval* into) {
  char* text = text_of(&value);
  std::size_t size = value.size();
  if (sapi_module.input_filter(PARSE_SERVER, name, &text, size, &size) != 0) {
    php_register_variable_safe(name, text, size, into);
  }
}

void add_variables(zval* into) {
  const auto* script = performance();
  for (const auto& [name, value] : script->parameters) add_variable(name.c_str(), value, into);
}

void log(const char* message, int) {
  const char* script = find("SCRIPT_NAME");
  std::fprintf(stderr, "%s says: %s\n", script != nullptr ? script : "PHP", message);
}

int begin(sapi_module_struct* own) {
  return php_module_startup(own, nullptr) == SUCCESS ? SUCCESS : FAILURE;
}

sapi_module_struct server() {
  sapi_module_struct own{};
  own.name = const_cast<char*>(known_name);
  own.pretty_name = const_cast<char*>("Flux");
  own.startup = begin;
  own.shutdown = php_module_shutdown_wrapper;
  own.ub_write = write;
  own.flush = flush;
  own.getenv = get_environment;
  own.sapi_error = php_error;
  own.send_headers = send_headers;
  own.read_post = read_body;
  own.read_cookies = read_cookies;
  own.register_server_variables = add_variables;
  own.log_message = log;
  return own;
}

sapi_module_struct sapi = server();

void describe(const Performance& script) {
  auto& info = SG(request_info);
  info.request_method = find("REQUEST_METHOD");
  info.query_string = find("QUERY_STRING");
  info.request_uri = find("REQUEST_URI");
  info.path_translated = find("SCRIPT_FILENAME");
  info.content_type = find("CONTENT_TYPE");
  info.content_length = static_cast<zend_long>(script.body.size());
  info.proto_num = *script.find("SERVER_PROTOCOL") == "HTTP/1.0" ? 1000 : 1001;
  SG(sapi_headers).http_response_code = 200;
  php_handle_auth_data(find("HTTP_AUTHORIZATION"));
}

void execute() {
  zend_file_handle file;
  zend_stream_init_filename(&file, SG(request_info).path_translated);
  file.primary_script = true;
  php_execute_script(&file);
  zend_destroy_file_handle(&file);
}

void on_interrupt(int) {}

// Have a call that waits end, and be tried no more.
void take_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(interruption, &action, nullptr);
}

}  // namespace

namespace php {

bool start() {
  take_interrupts();
  zend_signal_startup();
#ifdef ZEND_SIGNALS
  SIGG(reset) = 0;  // the signals of the server stay the server's
#endif
  sapi_startup(&sapi);
  if (sapi.startup(&sapi) != SUCCESS) return false;
  // Else scripts, which want to work in their folders, would take the whole process with them.
  if (::unshare(CLONE_FS) != 0) SG(options) |= SAPI_OPTION_NO_CHDIR;
  return true;
}

void run(Performance& script) {
  SG(server_context) = &script;
  zend_first_try {
    describe(script);
    if (php_request_startup() == SUCCESS) execute();
  }
  zend_end_try();
  php_request_shutdown(nullptr);
  SG(server_context) = nullptr;
}

void interrupt(pthread_t thread) {
  zend_atomic_bool_store(&EG(timed_out), true);
  zend_atomic_bool_store(&EG(vm_interrupt), true);
  pthread_kill(thread, interruption);
}

void stop() {
  sapi.shutdown(&sapi);
  sapi_shutdown();
}

}  // namespace php
