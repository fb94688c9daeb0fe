#pragma once

#include "base/file_descriptor.hpp"
#include "postgres/proxy.hpp"

#include <atomic>
#include <stop_token>
#include <string>

namespace approvekit::testing {

/// A proxy between clients and the server of the tests, which cuts a connection at the worst moment. Thread-safe.
class CuttingProxy {
public:
    /// What happens to the next message that ends a transaction. In each case the client is cut off.
    enum class Cut {
        none,
        request,  ///< it does not arrive
        reply,    ///< it arrives, but its answer does not
        late      ///< it arrives long after the client was cut off
    };

    CuttingProxy();

    /// The connection string that leads to the same database through this proxy.
    [[nodiscard]] std::string through(const std::string& connection) { return proxy_.through(connection); }
    void cut_next(Cut cut) { next_ = cut; }
    [[nodiscard]] int cuts() const noexcept { return cuts_; }

private:
    void forward(const std::stop_token& stop, base::FileDescriptor client, base::FileDescriptor server);
    /// Returns false if the connection is over.
    bool pass_to_server(base::FileDescriptor& client, base::FileDescriptor& server);

    std::atomic<Cut> next_ = Cut::none;
    std::atomic<int> cuts_ = 0;
    Proxy proxy_;
};

}  // namespace approvekit::testing
