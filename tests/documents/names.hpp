#pragma once

// The names that the documents use without defining them.

#include <approvekit/approvekit.hpp>

#include <coroutine>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>

struct Ledger {
    int pay(const std::string& customer, int cents);
    void close(const std::string& customer);
    void apply(const approvekit::Json& change);
};

struct Bank {
    bool confirmed(int cents);
};

struct Client {
    void get(const std::string& url, std::function<void(const std::string&)> then);
};

struct Job {
    struct promise_type {
        Job get_return_object();
        std::suspend_never initial_suspend() noexcept;
        std::suspend_never final_suspend() noexcept;
        void return_void();
        void unhandled_exception();
    };
};

struct ModelCall {
    std::string name;
    std::string arguments;
};

extern std::shared_ptr<approvekit::SqliteStorage> storage;
extern Ledger ledger;
extern Bank bank;
extern Client client;
extern std::shared_ptr<Ledger> shared;
extern ModelCall call;
extern std::function<std::string(const approvekit::Json&)> tool;
extern std::map<std::string, std::function<std::string(const approvekit::Json&)>> functions;

std::string mail(const std::string& to, const std::string& subject, const std::string& body);
extern approvekit::ApproveKit kit;
extern decltype(kit.guard("send_email", {"to", "subject", "body"}, mail)) send_email;
void reply_to_model(const std::string& text);
void use(const std::string& receipt);
void try_again_tomorrow();
void stop_the_agent(const std::string& reason);
void ring() noexcept;
