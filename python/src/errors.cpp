#include "errors.h"

#include <exception>

#include "ddpg/interrupted.h"

namespace ddpg::python {
namespace {

// Borrowed, and kept for as long as the process lives: an exception may be thrown while the interpreter ends.
PyObject* error_type = nullptr;
PyObject* usage_error_type = nullptr;

PyObject* make_type(nb::module_& module, const char* name, const char* doc, nb::tuple bases) {
  nb::dict members;
  members["__doc__"] = doc;
  members["__module__"] = "ddpg";
  nb::object type = nb::borrow(reinterpret_cast<PyObject*>(&PyType_Type))(name, bases, members);
  module.attr(name) = type;
  return type.release().ptr();
}

// The exception that Python code threw, where one is nested in `error`: raised again, with what C++ knows of the place
// as a note.
bool raise_nested(const std::exception& error, const char* outermost) {
  try {
    std::rethrow_if_nested(error);
  } catch (nb::python_error& thrown) {
    nb::object value = nb::borrow(thrown.value());
    value.attr("add_note")(nb::str(outermost));
    thrown.restore();
    return true;
  } catch (const std::exception& inner) {
    return raise_nested(inner, outermost);
  } catch (...) {
  }
  return false;
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Interrupted& error) {
    PyErr_SetString(PyExc_KeyboardInterrupt, error.what());
  } catch (const UsageError& error) {
    if (!raise_nested(error, error.what())) PyErr_SetString(usage_error_type, error.what());
  } catch (const Error& error) {
    if (!raise_nested(error, error.what())) PyErr_SetString(error_type, error.what());
  }
}

}  // namespace

void raise_file_not_found(const char* text) {
  PyErr_SetString(PyExc_FileNotFoundError, text);
  throw nb::python_error();
}

void rethrow_python_error(nb::python_error& error) {
  const nb::object value = nb::borrow(error.value());
  const std::string text = nb::str(value).c_str();
  const std::string name = nb::str(value.type().attr("__name__")).c_str();
  if (nb::isinstance(value, nb::handle(usage_error_type))) std::throw_with_nested(UsageError(text));
  std::throw_with_nested(Error(text.empty() ? name : name + ": " + text));
}

void bind_errors(nb::module_& module) {
  error_type =
      make_type(module, "Error", "Something failed while working: a file, memory, a number that is not finite.",
                nb::make_tuple(nb::borrow(PyExc_RuntimeError)));
  usage_error_type =
      make_type(module, "UsageError",
                "Something was asked for that cannot be: an unknown name, an option out of range. Nothing was started.",
                nb::make_tuple(nb::borrow(error_type), nb::borrow(PyExc_ValueError)));
  nb::register_exception_translator(translate);
}

}  // namespace ddpg::python
