#pragma once

#include "base/file_descriptor.hpp"

#include <atomic>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::testing {

/// Stands between clients and the server of the tests, and cuts a connection where it hurts most. Thread-safe.
class CuttingProxy {
public:
    /// What becomes of the next message that ends a transaction. In each case the client is cut off.
    enum class Cut {
        none,
        request,  ///< it does not come through
        reply,    ///< it comes through, and its answer does not
        late      ///< it comes through when the client has long been cut off
    };

    CuttingProxy();
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    /// The connection string that leads to the same database through it.
    [[nodiscard]] std::string through(const std::string& connection);
    void cut_next(Cut cut) { next_ = cut; }
    [[nodiscard]] int cuts() const noexcept { return cuts_; }

private:
    void accept_all(const std::stop_token& stop);
    void forward(const std::stop_token& stop, base::FileDescriptor client);
    /// False when the connection is over.
    bool pass_to_server(base::FileDescriptor& client, base::FileDescriptor& server);

    base::FileDescriptor listener_;
    int port_ = 0;
    std::atomic<int> server_port_ = 0;
    std::atomic<Cut> next_ = Cut::none;
    std::atomic<int> cuts_ = 0;
    std::mutex mutex_;  // guards the next one
    std::vector<std::jthread> connections_;
    std::jthread acceptor_;
};

}  // namespace approvekit::testing
