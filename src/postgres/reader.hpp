#pragma once

#include "postgres/failure.hpp"
#include "postgres/patience.hpp"
#include "postgres/tables.hpp"

#include <chrono>
#include <mutex>
#include <utility>

namespace approvekit::postgres {

/// The connection for reading; thread-safe. Separate, so that readers do not wait behind commits. A look that loses its
/// connection starts again.
class Reader {
public:
    /// `patience` is how long to wait for a server that is away.
    Reader(Target target, std::chrono::milliseconds patience)
        : patience_(patience), connection_(std::move(target), longest_silence(patience)) {}

    /// Calls `work` with the connection.
    template <typename Work>
    auto with_connection(Work&& work) {
        const std::lock_guard lock(mutex_);
        Patience patience(patience_);
        while (true) {
            try {
                return attempt(work);
            } catch (const LostConnection&) {
                if (patience.is_over()) throw;
            }
            patience.nap();
        }
    }

    template <typename Work>
    auto read(Work&& work) {
        return with_connection([&](Connection& connection) {
            Tables tables(Access{connection, false});
            return work(tables);
        });
    }

    /// As read(), but everything that `work` reads is from one moment.
    template <typename Work>
    auto snapshot(Work&& work) {
        return read([&](Tables& tables) {
            connection_.queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            auto result = work(tables);
            connection_.rows("COMMIT");
            return result;
        });
    }

private:
    template <typename Work>
    auto attempt(Work& work) {
        try {
            return work(connection_);
        } catch (...) {
            connection_.roll_back();
            throw;
        }
    }

    std::chrono::milliseconds patience_;
    std::mutex mutex_;
    Connection connection_;
};

}  // namespace approvekit::postgres
