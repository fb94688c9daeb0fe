#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace approvekit::policy {

/// A text in which each "*" stands for any number of bytes, including none. Everything else stands for itself. A value.
class Glob {
public:
    explicit Glob(std::string text) : text_(std::move(text)) {}

    /// Takes time proportional to the product of both lengths at worst, and usually to the length of `name`.
    [[nodiscard]] bool matches(std::string_view name) const noexcept;

    /// Whether it matches every text that `other` matches.
    [[nodiscard]] bool covers(const Glob& other) const noexcept { return matches(other.text_); }

    /// Whether some text may match both, as far as their beginnings and ends tell. Both must have stars.
    [[nodiscard]] bool may_overlap(const Glob& other) const noexcept;

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool has_star() const noexcept { return text_.find('*') != std::string::npos; }

    /// Returns how many characters stand for themselves: the more, the more specific it is.
    [[nodiscard]] std::size_t literal_characters() const noexcept;

    /// Return the text before the first star, and the text after the last one.
    [[nodiscard]] std::string_view prefix() const noexcept;
    [[nodiscard]] std::string_view suffix() const noexcept;

private:
    std::string text_;
};

/// Finds which of many globs match a name. It goes by what each glob begins or ends with, and compares a name only with
/// globs that share that. Does not change once it is filled; concurrent reads are safe.
class NameIndex {
public:
    void add(const Glob& glob, std::size_t id);

    /// Appends the ids of all globs that match `name`, in no particular order.
    void find(std::string_view name, std::vector<std::size_t>& ids) const;

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

private:
    struct Listed {
        Glob glob;
        std::size_t id;
    };
    using List = std::vector<Listed>;
    struct Side {
        std::unordered_map<std::string_view, std::size_t> lists;  // by the text that their globs share
        std::vector<std::size_t> lengths;                         // of those texts, each once
    };

    void add_to(Side& side, std::string_view key, const Glob& glob, std::size_t id);
    static void find_in(const List& list, std::string_view name, std::vector<std::size_t>& ids);

    std::vector<List> lists_;
    std::vector<std::unique_ptr<std::string>> keys_;
    Side prefixes_;
    Side suffixes_;
    List others_;  // globs that begin and end with a star
    std::size_t size_ = 0;
};

}  // namespace approvekit::policy
