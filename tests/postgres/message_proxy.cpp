#include "postgres/message_proxy.hpp"

#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

namespace approvekit::testing {

using base::FileDescriptor;

namespace {

constexpr std::chrono::milliseconds lateness{40};
/// How long a connection whose messages are dropped stays silent before it is cut.
constexpr std::chrono::milliseconds silence{100};

/// The length of the message at the beginning of `bytes`, as soon as it is known. The message contains it after its
/// type; only the very first one of a client has no type.
std::optional<std::size_t> length_of(const std::string& bytes, bool has_type) {
    const std::size_t type = has_type ? 1 : 0;
    std::uint32_t told = 0;
    if (bytes.size() < type + sizeof told) return std::nullopt;
    std::memcpy(&told, bytes.data() + type, sizeof told);
    return type + ntohl(told);
}

/// Replaces the number in the message that tells a client its server process: type, length, number, secret.
void replace_process(std::string& message) {
    constexpr std::size_t size_of_key = 13;
    constexpr std::size_t place_of_number = 5;
    if (message.size() == size_of_key && message.front() == 'K') {
        message[place_of_number] = static_cast<char>(message[place_of_number] ^ 0x40);
    }
}

}  // namespace

/// One end of a connection, and the bytes from it that are not a whole message yet.
class MessageProxy::Side {
public:
    Side(FileDescriptor socket, bool is_client)
        : socket_(std::move(socket)), is_client_(is_client), has_type_(!is_client) {}

    [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }
    [[nodiscard]] bool is_client() const noexcept { return is_client_; }

    /// Returns false if it is gone.
    bool take() {
        const std::string more = received(socket_.get());
        bytes_ += more;
        return !more.empty();
    }

    [[nodiscard]] std::optional<std::string> next() {
        const auto length = length_of(bytes_, has_type_);
        if (!length || bytes_.size() < *length) return std::nullopt;
        std::string message = bytes_.substr(0, *length);
        bytes_.erase(0, *length);
        has_type_ = true;
        return message;
    }

private:
    FileDescriptor socket_;
    bool is_client_;
    bool has_type_;
    std::string bytes_;
};

MessageProxy::MessageProxy(ProcessNumber number)
    : number_(number), proxy_([this](const std::stop_token& stop, FileDescriptor client, FileDescriptor server) {
          carry(stop, std::move(client), std::move(server));
      }) {}

void MessageProxy::arm(int nth, MessageFault fault, MessageKind kind) {
    has_hit_ = is_out_ = false;
    fault_ = fault;
    kind_ = kind;
    left_ = nth;
}

bool MessageProxy::disarm() {
    left_ = 0;
    is_out_ = false;
    return has_hit_;
}

bool MessageProxy::is_hit(const std::string& message, const Side& from) {
    const bool is_row = !from.is_client() && message.front() == 'D';
    if (kind_ == MessageKind::row_of_answer && !is_row) return false;
    int left = left_;
    while (left > 0 && !left_.compare_exchange_weak(left, left - 1)) {
    }
    if (left != 1) return false;
    has_hit_ = true;
    is_out_ = fault_ == MessageFault::outage;
    return true;
}

void MessageProxy::carry(const std::stop_token& stop, FileDescriptor client, FileDescriptor server) {
    Side of_client(std::move(client), true);
    Side of_server(std::move(server), false);
    while (!stop.stop_requested() && !is_out_) {
        std::array<pollfd, 2> ends{pollfd{of_client.descriptor(), POLLIN, 0},
                                   pollfd{of_server.descriptor(), POLLIN, 0}};
        if (::poll(ends.data(), ends.size(), 20) <= 0) continue;
        if (ends[0].revents != 0 && (!of_client.take() || !pass(of_client, of_server))) return;
        if (ends[1].revents != 0 && (!of_server.take() || !pass(of_server, of_client))) return;
    }
}

bool MessageProxy::pass(Side& from, Side& to) {
    while (const auto message = from.next()) {
        if (!pass_one(*message, from, to)) return false;
    }
    return true;
}

bool MessageProxy::pass_one(std::string message, const Side& from, const Side& to) {
    if (number_ == ProcessNumber::replaced) replace_process(message);
    if (!is_hit(message, from)) return send_all(to.descriptor(), message);
    switch (fault_) {
        case MessageFault::delay:
            std::this_thread::sleep_for(lateness);
            return send_all(to.descriptor(), message);
        case MessageFault::drop:
            std::this_thread::sleep_for(silence);
            return false;
        case MessageFault::cut_behind:
            static_cast<void>(send_all(to.descriptor(), message));
            return false;
        case MessageFault::duplicate:
            return send_all(to.descriptor(), message) && send_all(to.descriptor(), message);
        case MessageFault::omit:
            return true;
        case MessageFault::cut:
        case MessageFault::outage:
            return false;
    }
    return false;
}

}  // namespace approvekit::testing
