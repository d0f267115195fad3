// ddpg.Options: every option by its key, and the presets.
#include "options.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>

#include "ddpg/error.h"
#include "options/option_table.h"

namespace ddpg::python {
namespace {

std::string keyword(std::string key) {
  std::replace(key.begin(), key.end(), '.', '_');
  return key;
}

// The key as the table has it; an unknown one as it is, so that what refuses it can name the nearest.
std::string key_of(const std::string& given) {
  if (find_option(given) != nullptr) return given;
  for (const OptionEntry& entry : option_table())
    if (keyword(entry.name) == given) return entry.name;
  return given;
}

// As `--set` takes it. Numbers of NumPy are what NumPy makes of them in Python.
std::string text_of(nb::handle value) {
  if (nb::hasattr(value, "tolist")) return text_of(value.attr("tolist")());
  if (nb::isinstance<nb::bool_>(value)) return nb::cast<bool>(value) ? "true" : "false";
  if (nb::isinstance<nb::str>(value)) return nb::cast<std::string>(value);
  if (nb::isinstance<nb::int_>(value) || nb::isinstance<nb::float_>(value)) return nb::repr(value).c_str();
  if (nb::hasattr(value, "__fspath__")) return nb::cast<std::string>(nb::str(value));
  if (nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value)) {
    std::string text;
    for (nb::handle element : value) {
      const bool is_text = nb::isinstance<nb::str>(element) || nb::hasattr(element, "__fspath__");
      text += (text.empty() ? "" : ", ") + (is_text ? to_toml_value(text_of(element)) : text_of(element));
    }
    return "[" + text + "]";
  }
  throw nb::type_error(("an option is a number, a bool, a str, or a list of these, not " +
                        std::string(nb::str(value.type().attr("__name__")).c_str()))
                           .c_str());
}

// TOML's values are Python's, but for the names of the truth values.
nb::object value_of(const OptionEntry& entry, const Options& options) {
  return nb::module_::import_("tomllib").attr("loads")("value = " + entry.value(options))["value"];
}

nb::object get(const Options& options, const std::string& key) {
  const OptionEntry* entry = find_option(key_of(key));
  if (entry == nullptr) throw nb::key_error(unknown_option(key).c_str());
  return value_of(*entry, options);
}

nb::typed<nb::list, Named> table() {
  nb::typed<nb::list, Named> rows;
  for (const OptionEntry& entry : option_table()) {
    Named row;
    row["name"] = entry.name;
    row["keyword"] = keyword(entry.name);
    row["type"] = entry.type;
    row["doc"] = entry.doc();
    row["default"] = value_of(entry, Options{});
    row["may_change"] = !is_fixed(entry);
    rows.append(row);
  }
  return rows;
}

}  // namespace

Named settings_of(const EnvironmentSettings& settings) {
  Named keywords;
  for (const auto& [key, setting] : settings) {
    nb::object value;
    if (const auto* text = std::get_if<std::string>(&setting)) value = nb::cast(*text);
    if (const auto* flag = std::get_if<bool>(&setting)) value = nb::cast(*flag);
    if (const auto* list = std::get_if<std::vector<double>>(&setting)) value = nb::cast(*list);
    if (const auto* real = std::get_if<double>(&setting))
      value = std::trunc(*real) == *real && std::fabs(*real) < 1e15
                  ? nb::object(nb::int_(static_cast<std::int64_t>(*real)))
                  : nb::object(nb::float_(*real));
    keywords[nb::str(key.c_str())] = value;
  }
  return keywords;
}

void set_option_of(Options& options, const std::string& key, nb::handle value) {
  if (value.is_none()) return;
  if (nb::isinstance<nb::dict>(value)) {
    for (auto [name, inner] : nb::borrow<nb::dict>(value))
      set_option_of(options, key + "." + nb::cast<std::string>(name), inner);
    return;
  }
  set_option(options, key_of(key), text_of(value));
}

void bind_options(nb::module_& module) {
  using namespace nb::literals;
  nb::class_<Options>(
      module, "Options",
      "Every choice of a training: options[\"exploration.sigma\"], or ddpg.Options(exploration_sigma=0.2).")
      .def(
          "__init__",
          [](Options* self, const std::string& preset, const nb::kwargs& given) {
            Options options = find_preset(preset).options;
            for (auto [key, value] : given) set_option_of(options, nb::cast<std::string>(key), value);
            new (self) Options(options);
          },
          "preset"_a = "default", "given"_a,
          nb::sig("def __init__(self, preset: str = 'default', **given: typing.Any) -> None"))
      .def("__getitem__", get, "key"_a, nb::sig("def __getitem__(self, key: str) -> typing.Any"))
      .def("__setitem__",
           [](Options& self, const std::string& key, nb::object value) { set_option_of(self, key, value); })
      .def("keys",
           [](const Options&) {
             std::vector<std::string> keys;
             for (const OptionEntry& entry : option_table()) keys.push_back(entry.name);
             return keys;
           })
      .def_prop_ro(
          "env", [](const Options& self) { return settings_of(self.env); }, "The settings of the environment.")
      .def("items",
           [](const Options& self) {
             nb::typed<nb::list, nb::typed<nb::tuple, nb::str, nb::any>> found;
             for (const OptionEntry& entry : option_table())
               found.append(nb::make_tuple(entry.name, value_of(entry, self)));
             return found;
           })
      .def("copy", [](const Options& self) { return self; })
      .def(
          "violations", [](const Options& self) { return violations(self); },
          "Everything that is wrong with them, one text each.")
      .def(
          "to_toml", [](const Options& self) { return to_toml(self); }, "As the text of a config file.")
      .def_static(
          "from_toml",
          [](const std::string& text, const std::string& where) {
            Options options;
            apply_toml(options, text, where);
            return options;
          },
          "text"_a, "where"_a = "config")
      .def(
          "__eq__",
          [](const Options& self, nb::handle other) {
            return nb::isinstance<Options>(other) && self == nb::cast<const Options&>(other);
          },
          nb::sig("def __eq__(self, other: object) -> bool"))
      .def("__repr__", [](const Options& self) { return to_toml(self); })
      .def("__getstate__", [](const Options& self) { return to_toml(self); })
      .def("__setstate__", [](Options& self, const std::string& text) {
        new (&self) Options();
        apply_toml(self, text, "pickle");
      });
  module.def("set_option", set_option_of, "options"_a, "key"_a, "value"_a.none(),
             "Sets one option, or a group by a dict; None leaves it.");
  module.def(
      "option_table", table,
      "Every option: name, keyword, type, doc, default, and whether a training may be resumed with another value.");
  module.def(
      "presets",
      [] {
        Named found;
        for (const Preset& preset : presets()) found[nb::str(preset.name.c_str())] = preset.source;
        return found;
      },
      "The presets by name, each with its source.");
}

}  // namespace ddpg::python
