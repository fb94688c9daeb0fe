#pragma once

#include "approvekit/request.hpp"

#include <memory>
#include <string_view>

namespace approvekit {

namespace detail {
class Agent;
class HeldCall;
}  // namespace detail

/// The right to run one call, once. Whoever holds it runs the tool and says how that ended.
///
/// Movable; not thread-safe. Without a word at its end the run is recorded as failed.
class Permit {
public:
    Permit(Permit&&) noexcept;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

    /// The tool returned.
    void executed() noexcept;
    /// The tool threw; secrets are masked in `error`.
    void failed(std::string_view error) noexcept;

private:
    friend class detail::Agent;
    friend class detail::HeldCall;
    struct Run;
    explicit Permit(std::unique_ptr<Run> run) noexcept;

    void finish(RunState state, std::string_view note) noexcept;

    std::unique_ptr<Run> run_;
};

}  // namespace approvekit
