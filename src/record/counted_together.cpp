#include "record/counted_together.hpp"

#include <vector>

namespace approvekit::record {

CountedTogether counted_by(const KeyedCall& call) {
    CountedTogether counted;
    counted.add_key(call.key);
    return counted;
}

CountedTogether counted_by(const Intent& intent, const KeyedCall& call) {
    CountedTogether counted = counted_by(call);
    counted.add(intent);
    return counted;
}

CountedTogether counted_by(const Claim& claim) {
    CountedTogether counted;
    counted.add_request(claim.request_id);
    if (claim.use != nullptr) counted.add(*claim.use);
    return counted;
}

void CountedTogether::add(const Intent& intent) {
    if (intent.grant != nullptr) grants_.insert(intent.grant->id);
    if (intent.use != nullptr) add(*intent.use);
}

void CountedTogether::add_start(const std::string& start, Uses& uses) {
    if (const auto use = uses.find(start)) buckets_.emplace(use->limit, use->bucket);
}

void CountedTogether::lock(Tables& tables) const {
    for (const std::string& key : keys_)
        static_cast<void>(tables.keys.find(key));
    tables.requests.lock({requests_.begin(), requests_.end()});
    tables.grants.lock({grants_.begin(), grants_.end()});
    tables.uses.lock({buckets_.begin(), buckets_.end()});
}

}  // namespace approvekit::record
