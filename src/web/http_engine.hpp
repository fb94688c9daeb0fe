#pragma once

#include "web/answer.hpp"
#include "web/call.hpp"
#include "web/socket.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace approvekit::web {

/// Speaks HTTP for one admitted call after the other. The only place that knows cpp-httplib.
///
/// The library is handed nothing but complete requests, in our own words and from memory: it never waits for a
/// client, and no header of a client reaches it. That is what keeps all its releases alike; docs/security.md tells
/// what they do otherwise.
class HttpEngine {
public:
    /// `api` is called on the threads that call answer().
    explicit HttpEngine(std::function<Answer(const Call&)> api);
    ~HttpEngine();

    HttpEngine(const HttpEngine&) = delete;
    HttpEngine& operator=(const HttpEngine&) = delete;

    /// Writes the API's answer to `socket`, each part within `patience`; returns when a stream has ended, too.
    /// False: the answer could not be written whole. Thread-safe.
    [[nodiscard]] bool answer(const Call& call, bool keeps_alive, Socket& socket, std::chrono::milliseconds patience);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::web
