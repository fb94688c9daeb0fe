#include "approvekit/event.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "base/enum_names.hpp"
#include "text/escape.hpp"

#include <iostream>
#include <utility>

namespace approvekit {
namespace {

constexpr base::EnumNames<Event::Kind, 10> event_kind_names({
    {Event::Kind::waiting, "waiting"},
    {Event::Kind::voted, "voted"},
    {Event::Kind::decided, "decided"},
    {Event::Kind::stopped, "stopped"},
    {Event::Kind::started, "started"},
    {Event::Kind::ended, "ended"},
    {Event::Kind::refused, "refused"},
    {Event::Kind::storage_trouble, "storage_trouble"},
    {Event::Kind::policy_changed, "policy_changed"},
    {Event::Kind::policy_refused, "policy_refused"},
});

/// Quotes the text so that a shell takes it as one word.
std::string shell_word(const std::string& text) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    if (text.find_first_not_of(plain) == std::string::npos) return text;
    std::string word = "'";
    for (const char character : text)
        word += character == '\'' ? std::string("'\\''") : std::string(1, character);
    return word + "'";
}

}  // namespace

std::string_view to_string(Event::Kind kind) noexcept {
    return event_kind_names.text(kind);
}

EventListener log_events(std::string how) {
    return [how = std::move(how)](const Event& event) {
        std::string line = "approvekit: " + text::escape(event.text);
        if (event.kind == Event::Kind::waiting && !how.empty()) line += "; decide it: " + how;
        std::cerr << line + "\n" << std::flush;
    };
}

EventListener log_events(const SqliteStorage& storage) {
    return log_events("approvekit-review --db " + shell_word(storage.path().string()));
}

}  // namespace approvekit
