//! Kafka's error codes, by their names.

macro_rules! error_codes {
    ($($variant:ident = $code:literal, $name:literal, $retriable:literal, $refresh:literal;)*) => {
        /// An error of Kafka's protocol (`org.apache.kafka.common.protocol.Errors`).
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $(#[doc = $name] $variant,)*
        }

        impl ErrorCode {
            /// Code on the wire.
            pub fn code(self) -> i16 {
                match self { $(Self::$variant => $code,)* }
            }

            /// Name as Kafka spells it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether its exception is a RetriableException.
            pub fn is_retriable(self) -> bool {
                match self { $(Self::$variant => $retriable,)* }
            }

            /// Whether its exception is an InvalidMetadataException: the client asks for metadata.
            pub fn refreshes_metadata(self) -> bool {
                match self { $(Self::$variant => $refresh,)* }
            }
        }
    };
}

error_codes! {
    UnknownServerError = -1, "UNKNOWN_SERVER_ERROR", false, false;
    OffsetOutOfRange = 1, "OFFSET_OUT_OF_RANGE", false, false;
    CorruptMessage = 2, "CORRUPT_MESSAGE", true, false;
    UnknownTopicOrPartition = 3, "UNKNOWN_TOPIC_OR_PARTITION", true, true;
    LeaderNotAvailable = 5, "LEADER_NOT_AVAILABLE", true, true;
    NotLeaderOrFollower = 6, "NOT_LEADER_OR_FOLLOWER", true, true;
    RequestTimedOut = 7, "REQUEST_TIMED_OUT", true, false;
    BrokerNotAvailable = 8, "BROKER_NOT_AVAILABLE", false, false;
    ReplicaNotAvailable = 9, "REPLICA_NOT_AVAILABLE", true, true;
    MessageTooLarge = 10, "MESSAGE_TOO_LARGE", false, false;
    OffsetMetadataTooLarge = 12, "OFFSET_METADATA_TOO_LARGE", false, false;
    NetworkException = 13, "NETWORK_EXCEPTION", true, true;
    CoordinatorLoadInProgress = 14, "COORDINATOR_LOAD_IN_PROGRESS", true, false;
    CoordinatorNotAvailable = 15, "COORDINATOR_NOT_AVAILABLE", true, false;
    NotCoordinator = 16, "NOT_COORDINATOR", true, false;
    InvalidTopicException = 17, "INVALID_TOPIC_EXCEPTION", false, false;
    RecordListTooLarge = 18, "RECORD_LIST_TOO_LARGE", false, false;
    NotEnoughReplicas = 19, "NOT_ENOUGH_REPLICAS", true, false;
    NotEnoughReplicasAfterAppend = 20, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", true, false;
    InvalidRequiredAcks = 21, "INVALID_REQUIRED_ACKS", false, false;
    IllegalGeneration = 22, "ILLEGAL_GENERATION", false, false;
    InconsistentGroupProtocol = 23, "INCONSISTENT_GROUP_PROTOCOL", false, false;
    InvalidGroupId = 24, "INVALID_GROUP_ID", false, false;
    UnknownMemberId = 25, "UNKNOWN_MEMBER_ID", false, false;
    InvalidSessionTimeout = 26, "INVALID_SESSION_TIMEOUT", false, false;
    RebalanceInProgress = 27, "REBALANCE_IN_PROGRESS", false, false;
    InvalidCommitOffsetSize = 28, "INVALID_COMMIT_OFFSET_SIZE", false, false;
    InvalidTimestamp = 32, "INVALID_TIMESTAMP", false, false;
    TopicAlreadyExists = 36, "TOPIC_ALREADY_EXISTS", false, false;
    InvalidPartitions = 37, "INVALID_PARTITIONS", false, false;
    InvalidReplicationFactor = 38, "INVALID_REPLICATION_FACTOR", false, false;
    InvalidReplicaAssignment = 39, "INVALID_REPLICA_ASSIGNMENT", false, false;
    InvalidConfig = 40, "INVALID_CONFIG", false, false;
    NotController = 41, "NOT_CONTROLLER", true, false;
    InvalidRequest = 42, "INVALID_REQUEST", false, false;
    PolicyViolation = 44, "POLICY_VIOLATION", false, false;
    OutOfOrderSequenceNumber = 45, "OUT_OF_ORDER_SEQUENCE_NUMBER", false, false;
    DuplicateSequenceNumber = 46, "DUPLICATE_SEQUENCE_NUMBER", false, false;
    InvalidProducerEpoch = 47, "INVALID_PRODUCER_EPOCH", false, false;
    InvalidTxnState = 48, "INVALID_TXN_STATE", false, false;
    InvalidProducerIdMapping = 49, "INVALID_PRODUCER_ID_MAPPING", false, false;
    InvalidTransactionTimeout = 50, "INVALID_TRANSACTION_TIMEOUT", false, false;
    ConcurrentTransactions = 51, "CONCURRENT_TRANSACTIONS", true, false;
    TransactionCoordinatorFenced = 52, "TRANSACTION_COORDINATOR_FENCED", false, false;
    KafkaStorageError = 56, "KAFKA_STORAGE_ERROR", true, true;
    UnknownProducerId = 59, "UNKNOWN_PRODUCER_ID", false, false;
    NonEmptyGroup = 68, "NON_EMPTY_GROUP", false, false;
    GroupIdNotFound = 69, "GROUP_ID_NOT_FOUND", false, false;
    FetchSessionIdNotFound = 70, "FETCH_SESSION_ID_NOT_FOUND", true, false;
    InvalidFetchSessionEpoch = 71, "INVALID_FETCH_SESSION_EPOCH", true, false;
    TopicDeletionDisabled = 73, "TOPIC_DELETION_DISABLED", false, false;
    FencedLeaderEpoch = 74, "FENCED_LEADER_EPOCH", true, true;
    UnknownLeaderEpoch = 75, "UNKNOWN_LEADER_EPOCH", true, false;
    StaleBrokerEpoch = 77, "STALE_BROKER_EPOCH", false, false;
    OffsetNotAvailable = 78, "OFFSET_NOT_AVAILABLE", true, false;
    MemberIdRequired = 79, "MEMBER_ID_REQUIRED", false, false;
    PreferredLeaderNotAvailable = 80, "PREFERRED_LEADER_NOT_AVAILABLE", true, true;
    GroupMaxSizeReached = 81, "GROUP_MAX_SIZE_REACHED", false, false;
    FencedInstanceId = 82, "FENCED_INSTANCE_ID", false, false;
    EligibleLeadersNotAvailable = 83, "ELIGIBLE_LEADERS_NOT_AVAILABLE", true, true;
    ElectionNotNeeded = 84, "ELECTION_NOT_NEEDED", true, true;
    NoReassignmentInProgress = 85, "NO_REASSIGNMENT_IN_PROGRESS", false, false;
    GroupSubscribedToTopic = 86, "GROUP_SUBSCRIBED_TO_TOPIC", false, false;
    InvalidRecord = 87, "INVALID_RECORD", false, false;
    UnstableOffsetCommit = 88, "UNSTABLE_OFFSET_COMMIT", true, false;
    ProducerFenced = 90, "PRODUCER_FENCED", false, false;
    InvalidUpdateVersion = 95, "INVALID_UPDATE_VERSION", false, false;
    UnknownTopicId = 100, "UNKNOWN_TOPIC_ID", true, true;
    DuplicateBrokerRegistration = 101, "DUPLICATE_BROKER_REGISTRATION", false, false;
    InconsistentTopicId = 103, "INCONSISTENT_TOPIC_ID", true, true;
    IneligibleReplica = 107, "INELIGIBLE_REPLICA", false, false;
    NewLeaderElected = 108, "NEW_LEADER_ELECTED", false, false;
    FencedMemberEpoch = 110, "FENCED_MEMBER_EPOCH", false, false;
    UnreleasedInstanceId = 111, "UNRELEASED_INSTANCE_ID", false, false;
    UnsupportedAssignor = 112, "UNSUPPORTED_ASSIGNOR", false, false;
    StaleMemberEpoch = 113, "STALE_MEMBER_EPOCH", false, false;
    TransactionAbortable = 120, "TRANSACTION_ABORTABLE", false, false;
    InvalidRegularExpression = 128, "INVALID_REGULAR_EXPRESSION", false, false;
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for ErrorCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
