#pragma once

#include "approvekit/redaction.hpp"
#include "approvekit/storage.hpp"
#include "condition.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace approvekit::detail {

/// One waiting call's place. Thread-safe.
class Place {
public:
    explicit Place(Scrubber scrubber) : scrubber_(std::move(scrubber)) {}

    /// Something may have happened to the request.
    void call() noexcept;

    /// Waits until called, until `stop` is asked for or `deadline`; whether it was called. Takes the call back.
    bool wait(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline);

    [[nodiscard]] bool called() const;
    [[nodiscard]] const Scrubber& scrubber() const noexcept { return scrubber_; }

private:
    Scrubber scrubber_;
    mutable std::mutex mutex_;
    Condition condition_;
    bool called_ = false;
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
