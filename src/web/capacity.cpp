#include "web/capacity.hpp"

#include "approvekit/error.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <limits>

namespace approvekit::web {
namespace {

/// Besides the streams: enough for every open page and script, and for some who only sit there.
constexpr std::size_t further_connections = 192;

/// For what the database opens later (its journals, the watch over its changes) and for connections that are closing.
constexpr std::size_t kept_files = 32;

/// One open page takes up to six connections and a stream.
constexpr std::size_t fewest_connections = 8;

std::size_t file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return std::numeric_limits<std::size_t>::max();
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t open_files() {
    constexpr std::size_t guess = 64;
    std::error_code error;
    std::filesystem::directory_iterator at("/dev/fd", error);
    std::size_t count = 0;
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error))
        ++count;
    return error ? guess : count;
}

}  // namespace

Capacity Capacity::within_limits(std::size_t wanted_streams) {
    return within(file_limit(), open_files(), wanted_streams);
}

Capacity Capacity::within(std::size_t limit, std::size_t open, std::size_t wanted_streams) {
    const std::size_t wanted = wanted_streams + further_connections;
    const std::size_t taken = open + kept_files;
    const std::size_t left = limit > taken ? limit - taken : 0;
    if (left >= wanted) return {wanted, wanted_streams, {}};

    const std::string allowed = "this process may have " + std::to_string(limit) + " files open (ulimit -n)";
    if (left < fewest_connections) {
        throw Error(ErrorCode::server, allowed + ", of which " + std::to_string(open) +
                                           " are open already; that leaves no room for clients. Allow it " +
                                           std::to_string(taken + wanted) + ".");
    }
    const std::size_t streams = std::max<std::size_t>(1, left * wanted_streams / wanted);
    return {left, streams,
            allowed + ", so at most " + std::to_string(left) + " clients are served at once, " +
                std::to_string(streams) + " of them with an event stream"};
}

}  // namespace approvekit::web
