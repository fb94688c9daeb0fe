#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::json {

/// The current place of a walk through a JSON value: "profile.cards[2].number".
///
/// Borrows the keys, which must outlive their step.
class JsonPath {
public:
    void enter() { steps_.emplace_back(); }
    void leave() { steps_.pop_back(); }

    /// The walk has reached this member or element of the innermost container.
    void at(std::string_view key) { steps_.back().key = key; }
    void at(std::size_t index) { steps_.back().index = index; }

    /// Returns how many containers are open.
    [[nodiscard]] std::size_t depth() const noexcept { return steps_.size(); }

    [[nodiscard]] std::string text() const;

    /// Returns the same in little more than 256 bytes, however many long keys the path has. A key of more than 64 bytes
    /// becomes "(a long key)". If there is no room for the first steps, "..." replaces them.
    [[nodiscard]] std::string short_text() const;

private:
    static constexpr std::size_t no_index = static_cast<std::size_t>(-1);

    struct Step {
        std::string_view key;
        std::size_t index = no_index;
    };
    std::vector<Step> steps_;
};

}  // namespace approvekit::json
