// What the processes of a training say to each other: a word, then what belongs to it. All of them are one program on
// machines of one kind, so numbers travel as they lie in memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace ddpg {

enum class Word : std::uint8_t {
  rounds,   // options, copies: make these environments, and step them when told
  free,     // options, actor, step: play on your own, and send what you live
  ready,    // the task, as JSON
  failed,   // kind, text
  play,     // actions, of each copy that steps
  played,   // what followed, of each copy
  reset,    // copy, random stream
  began,    // random stream, observation
  save,     // copy
  restore,  // copy, state
  state,    // numbers
  purpose,  // copy, Purpose
  policy,   // version (the updates in it), steps done, weights (sent.h)
  lived,    // version of the policy, events (sent.h)
  train,    // folder, program, log, words: a training as a process of its own
  trained,  // its exit code, its signal, what kept it from starting
  stop,     // it is to save and end
  end,
};

class Parcel {
 public:
  explicit Parcel(Word word) { put(word); }

  template <typename T>
  Parcel& put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  // Without their number, which the reader knows.
  template <typename T>
  Parcel& put_all(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return *this;
  }
  Parcel& put_text(std::string_view text) {
    put(static_cast<std::uint64_t>(text.size()));
    bytes_.append(text);
    return *this;
  }

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Takes a parcel apart, in the order in which it was filled. Throws Error where there is less in it.
class Unpacking {
 public:
  explicit Unpacking(std::string_view bytes) : rest_(bytes) { word_ = get<Word>(); }

  Word word() const { return word_; }
  bool empty() const { return rest_.empty(); }
  template <typename T>
  T get() {
    T value;
    std::memcpy(&value, cut(sizeof value).data(), sizeof value);
    return value;
  }
  template <typename T>
  void get_all(std::span<T> values) {
    const std::string_view bytes = cut(values.size_bytes());
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  // How many things follow that take so many bytes at least: not more than there can be.
  std::uint64_t get_count(std::size_t bytes) {
    const auto count = get<std::uint64_t>();
    if (count > rest_.size() / bytes) cut(rest_.size() + 1);
    return count;
  }
  std::string get_text() { return std::string(cut(get<std::uint64_t>())); }

 private:
  std::string_view cut(std::uint64_t size);

  std::string_view rest_;
  Word word_;
};

// The exception being handled, to be thrown by another process; and how that one throws it.
Parcel failure();
[[noreturn]] void throw_failure(Unpacking& failed, int from);
void pack_failure(Parcel& into);

}  // namespace ddpg
