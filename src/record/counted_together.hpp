#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <utility>

namespace approvekit::record {

/// The rows that one transaction counts on or gives back to: a key, requests, grants and buckets of limits. It locks
/// all of them in a fixed order before it looks at any, so that two transactions never wait for each other.
class CountedTogether {
public:
    void add_key(const std::string& key) { keys_.insert(key); }
    void add_request(const std::string& id) { requests_.insert(id); }
    void add(const Intent& intent);
    void add(const LimitUse& use) { buckets_.emplace(use.limit, use.bucket); }
    /// Adds what the call that started as `start` took of a limit, if anything.
    void add_start(const std::string& start, Uses& uses);

    /// With only one element, there is no order to keep.
    [[nodiscard]] std::size_t size() const noexcept {
        return keys_.size() + requests_.size() + grants_.size() + buckets_.size();
    }
    void lock(Tables& tables) const;

private:
    std::set<std::string> keys_;
    std::set<std::string> requests_;
    std::set<std::string> grants_;
    std::set<std::pair<std::string, std::string>> buckets_;
};

[[nodiscard]] CountedTogether counted_by(const KeyedCall& call);
[[nodiscard]] CountedTogether counted_by(const Intent& intent, const KeyedCall& call);
[[nodiscard]] CountedTogether counted_by(const Claim& claim);

}  // namespace approvekit::record
