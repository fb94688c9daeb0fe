#include "postgres/record_clock.hpp"

#include "approvekit/error.hpp"

#include <utility>

namespace approvekit::postgres {

RecordClock::RecordClock(std::shared_ptr<const Clock> instead, std::string boot_id)
    : instead_(std::move(instead)), boot_id_(std::move(boot_id)) {}

record::Moment RecordClock::moment(std::string_view server_says) {
    if (instead_) return estimate();
    const auto now = parse_time(server_says);
    if (!now) throw StorageError(ErrorCode::storage_io, "the server told no time");
    ahead_ = *now - own_.now();
    return moment_at(*now);
}

record::Moment RecordClock::estimate() const {
    return instead_ ? record::moment_of(*instead_, boot_id_) : moment_at(own_.now() + ahead_.load());
}

record::Moment RecordClock::moment_at(Time now) const {
    record::Moment moment;
    moment.now = now;
    moment.text = to_text(now);
    moment.boot_id = boot_id_;
    moment.since_boot = own_.since_boot();
    return moment;
}

}  // namespace approvekit::postgres
