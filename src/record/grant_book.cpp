#include "record/grant_book.hpp"

#include "record/grant_control.hpp"

#include <algorithm>

namespace approvekit::record {

GrantBook::GrantBook(UnitOfWork& work, const GrantUse& use) : work_(work), use_(use), has_room_(look()) {}

bool GrantBook::look() {
    if (use_.version != 0 && use_.version != work_.transaction.version()) return false;
    auto stored = work_.tables.grants.find(use_.id);
    if (!stored) return false;
    last_ = work_.tables.grants.last_use(use_.id);
    used_ = last_ ? last_->place : 0;
    // With a version, nobody else has written since the grant was read, so its row agrees with its entries.
    if (use_.version == 0) tell_revocation(*stored, work_.tables.entries);
    work_.known_grants.tell(*stored, used_);
    work_.grant_uses.emplace_back(use_.id, used_);
    if (!stored->revoked_at.empty() || used_ >= use_.uses) return false;
    const Time since = std::max(parse_time(stored->since).value_or(Time::max()),
                                last_ ? parse_time(last_->at).value_or(Time::max()) : Time{});
    return std::max(work_.moment.now, since) < use_.until;
}

void GrantBook::count(const std::string& start) {
    StoredGrantUse counted;
    counted.grant = use_.id;
    counted.place = used_ + 1;
    counted.start = start;
    counted.at = last_ ? std::max(last_->at, work_.moment.text) : work_.moment.text;
    work_.tables.grants.insert_use(counted);
    work_.grant_uses.emplace_back(counted.grant, counted.place);
}

}  // namespace approvekit::record
