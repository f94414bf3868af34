// SPDX-License-Identifier: MIT
// An optional value that few have: without one it is a pointer's size. Copies and comparisons are of the value. Like
// the value, any thread, not shared between threads while it changes.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace portside::base {

template <typename T>
class Rare {
  public:
    Rare() = default;
    Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}
    Rare(std::optional<T> value) : value_(value ? std::make_unique<T>(std::move(*value)) : nullptr) {}
    Rare(const Rare& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
    Rare(Rare&&) noexcept = default;
    Rare& operator=(const Rare& other) { return *this = Rare(other); }
    Rare& operator=(Rare&&) noexcept = default;
    ~Rare() = default;

    [[nodiscard]] bool has_value() const { return value_ != nullptr; }
    [[nodiscard]] explicit operator bool() const { return has_value(); }
    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] T* operator->() { return value_.get(); }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    [[nodiscard]] operator std::optional<T>() const { return value_ ? std::optional<T>(*value_) : std::nullopt; }
    void reset() { value_.reset(); }

    friend bool operator==(const Rare& a, const Rare& b) { return a && b ? *a == *b : a.has_value() == b.has_value(); }

  private:
    std::unique_ptr<T> value_;
};

} // namespace portside::base
