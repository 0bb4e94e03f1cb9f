#include "python.hpp"

#include <dlfcn.h>

namespace flux::fibers {

namespace {

template <class Function>
bool find_one(Function*& function, const char* name) noexcept {
  function = reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
  return function != nullptr;
}

}  // namespace

bool Python::find() noexcept {
  answers_ = find_one(new_dictionary_, "PyDict_New") && find_one(run_, "PyRun_String") &&
             find_one(item_, "PyDict_GetItemString") && find_one(text_of_, "PyUnicode_AsUTF8") &&
             find_one(let_go_, "Py_DecRef") && find_one(forget_error_, "PyErr_Clear");
  return find_one(exists_, "Py_IsInitialized") && find_one(take_, "PyGILState_Ensure") &&
         find_one(give_back_, "PyGILState_Release");
}

const Python* Python::running() noexcept {
  static Python python;
  static const bool is_found = python.find();
  return is_found && python.exists_() != 0 ? &python : nullptr;
}

std::string Python::ask(const std::string& text) const {
  constexpr int statements = 257;  // Py_file_input
  if (!answers_) {
    return {};
  }
  Object* const names = new_dictionary_();
  Object* const done = names != nullptr ? run_(text.c_str(), statements, names, names) : nullptr;
  Object* const told = done != nullptr ? item_(names, "told") : nullptr;
  const char* const found = told != nullptr ? text_of_(told) : nullptr;
  std::string answer{found != nullptr ? found : ""};
  forget_error_();
  let_go_(done);
  let_go_(names);
  return answer;
}

}  // namespace flux::fibers
