#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::json {

/// A place in a text as editors count it: line and column start at 1. Columns count characters, not bytes.
struct TextPosition {
    int line = 1;
    int column = 1;

    friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

/// Converts ascending byte offsets into positions, in a single pass over the text.
///
/// Borrows the text.
class TextCursor {
public:
    explicit TextCursor(std::string_view text) : text_(text) {}

    /// `offset` must not be smaller than in the previous call. An offset beyond the text means its end.
    [[nodiscard]] TextPosition at(std::size_t offset);

private:
    std::string_view text_;
    std::size_t offset_ = 0;
    TextPosition position_;
};

/// Recursion into a JSON value stops at this depth, whatever limits the caller sets: the stack is large enough for it.
inline constexpr std::size_t deepest_json = 1000;

/// Limits for reading back what was accepted before: any size.
inline constexpr JsonLimits any_size{.bytes = std::numeric_limits<std::size_t>::max(), .depth = deepest_json};

/// Receives the parts of a JSON text in order, each with the byte offset at which it starts.
class JsonSink {
public:
    JsonSink() = default;
    JsonSink(const JsonSink&) = delete;
    JsonSink& operator=(const JsonSink&) = delete;
    virtual ~JsonSink() = default;

    /// `scalar` is null, a boolean, a number or a string.
    virtual void on_scalar(Json scalar, std::size_t offset) = 0;
    virtual void on_object(std::size_t offset) = 0;
    virtual void on_array(std::size_t offset) = 0;
    /// The innermost object or array is complete.
    virtual void on_end() = 0;

    /// Returns false if the key appears a second time in its object and may not.
    [[nodiscard]] virtual bool on_key(std::string key, std::size_t offset) = 0;
};

/// Why and where a text was refused. Never quotes the text, which may hold secrets.
struct JsonFault {
    TextPosition position;
    std::string what;
};

/// Feeds `sink` with the single JSON value that `text` must be; it is as strict as parse_json. Returns the first fault,
/// or nothing if there is none.
///
/// The stack does not grow with the depth of the text. After a fault the sink has received everything before it.
[[nodiscard]] std::optional<JsonFault> read_json(std::string_view text, const JsonLimits& limits, JsonSink& sink);

/// Builds the value of a JSON text. Refuses a key that appears twice in one object.
class JsonValueBuilder final : public JsonSink {
public:
    void on_scalar(Json scalar, std::size_t offset) override;
    void on_object(std::size_t offset) override;
    void on_array(std::size_t offset) override;
    void on_end() override;
    [[nodiscard]] bool on_key(std::string key, std::size_t offset) override;

    /// Moves the value out. Call it when the value is complete.
    [[nodiscard]] Json take() { return std::move(root_); }

private:
    Json& place(Json value);

    Json root_;
    std::vector<Json*> open_;  // the containers that are not yet complete, outermost first
    Json* member_ = nullptr;   // where the value for the last key goes
};

}  // namespace approvekit::json
