#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <utility>

namespace approvekit::record {

/// What one transaction counts on, or gives back to: a key, requests, grants and buckets of limits. It locks them in one order
/// before it looks at any, so that of two transactions none waits for what the other has while that waits for it.
class CountedTogether {
public:
    void add_key(const std::string& key) { keys_.insert(key); }
    void add_request(const std::string& id) { requests_.insert(id); }
    void add(const Intent& intent);
    void add(const LimitUse& use) { buckets_.emplace(use.limit, use.bucket); }
    /// What the call that started as `start` took of a limit, if anything.
    void add_start(const std::string& start, Uses& uses);

    /// Of one alone there is no order to keep.
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
