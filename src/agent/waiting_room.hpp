#pragma once

#include "agent/call_scrubber.hpp"
#include "agent/condition.hpp"
#include "approvekit/redaction.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace approvekit::detail {

/// What a waiting call is told. Hearsay: only the storage knows.
enum class Tidings {
    none,
    look,      ///< something may have happened
    approved,  ///< as the storage saw it a moment ago
};

/// One waiting call's place. Thread-safe.
class Place {
public:
    explicit Place(const Scrubber& scrubber) : scrubber_(scrubber) {}

    /// Something may have happened to the request.
    void call(Tidings tidings) noexcept;

    /// Waits until called, until `stop` is asked for or `deadline`. Takes the call back.
    Tidings wait(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline);

    [[nodiscard]] bool called() const;
    [[nodiscard]] const CallScrubber& scrubber() const noexcept { return scrubber_; }

private:
    CallScrubber scrubber_;
    mutable std::mutex mutex_;
    Condition condition_;
    Tidings tidings_ = Tidings::none;
};

/// Where all calls of an agent wait: a change costs one look-up, however many others wait. Thread-safe.
class WaitingRoom final : public ChangeListener {
public:
    void enter(const std::string& request_id, std::shared_ptr<Place> place);
    void leave(const std::string& request_id) noexcept;

    /// The place of a request that waits here; null for any other.
    [[nodiscard]] std::shared_ptr<Place> find(const std::string& request_id) const;

    void on_change(const Change& change) noexcept override;
    void on_watch_failed(const std::string& reason) noexcept override;

private:
    void call_everybody() noexcept;

    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<Place>> places_;
};

}  // namespace approvekit::detail
