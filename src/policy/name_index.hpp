#pragma once

#include "policy/glob.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace approvekit::policy {

/// Finds which of many globs match a name, by what each begins or ends with: a name is compared only with those that
/// share that. Never changes once it is filled; concurrent reads are safe.
class NameIndex {
public:
    void add(const Glob& glob, std::size_t id);

    /// Appends the ids of all that match `name`, in no order.
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
    List others_;  // neither begin nor end with anything
    std::size_t size_ = 0;
};

}  // namespace approvekit::policy
