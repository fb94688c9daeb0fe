#include "memory/tables.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::memory {

using record::StoredKey;

void KeysTable::insert(const StoredKey& asked) {
    auto kept = std::make_shared<StoredKey>(asked);
    kept->number = static_cast<std::int64_t>(state_.keys.size()) + 1;
    state_.keys.push_back(std::move(kept));
}

std::optional<StoredKey> KeysTable::find(std::string_view key) {
    const auto found =
        std::find_if(state_.keys.rbegin(), state_.keys.rend(), [&](const auto& asked) { return asked->key == key; });
    return found == state_.keys.rend() ? std::nullopt : std::optional(**found);
}

bool KeysTable::has_request(std::string_view request_id) {
    return std::any_of(state_.keys.begin(), state_.keys.end(), [&](const auto& asked) {
        return asked->request_id == request_id && request_id != auto_request_id;
    });
}

template <typename Is>
void KeysTable::end(Is is, RunState state, std::string_view note) {
    for (auto& asked : state_.keys) {
        if (!is(*asked)) continue;
        auto ended = std::make_shared<StoredKey>(*asked);
        ended->run = state;
        ended->note = note;
        asked = std::move(ended);
    }
}

void KeysTable::finish(std::string_view entry_id, RunState state, std::string_view note) {
    end([&](const StoredKey& asked) { return !entry_id.empty() && asked.entry_id == entry_id; }, state, note);
}

void KeysTable::outlive(std::string_view /*request_id*/, RunState /*state*/, std::string_view /*note*/) {
    throw no_archives();
}

void KeysTable::lose(std::int64_t session, std::string_view note) {
    end([&](const StoredKey& asked) { return asked.session == session && asked.run == RunState::running; },
        RunState::unknown, note);
}

}  // namespace approvekit::memory
