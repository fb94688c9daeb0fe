#pragma once

namespace approvekit {

class AgentSecret;
class ApproveKit;
class ChangeListener;
class Clock;
class Error;
class Policy;
class PolicyFile;
class RequestFeed;
class Reviewer;
class ReviewerKey;
class ReviewersFile;
class Signer;
class SqliteStorage;
class Storage;
class TerminalReviewer;
class ToolTicket;
class Tools;
class WebReviewer;

struct ApprovalRequest;
struct AuditEntry;
struct Call;
struct CallFacts;
struct Checkpoint;
struct Decision;
struct DecisionStatement;
struct Event;
struct InvitedReviewer;
struct KeyedAnswer;
struct KeyedCall;
struct LimitUse;
struct PolicyExplanation;
struct PolicyRule;
struct Quorum;
struct Refusal;
struct Vote;

template <typename Result>
class Completion;
template <typename Result>
class Outcome;
template <typename Result>
class Ticket;

}  // namespace approvekit
