//! All fetch sessions of a broker, one for each client and channel.

use crate::engine::NodeId;
use crate::protocol::Channel;

use super::FetchSession;

/// Sessions by number. A number is never given to another client.
#[derive(Clone, Debug, Default)]
pub struct FetchSessions {
    sessions: Vec<FetchSession>,
    /// Sorted, for finding.
    keys: Vec<(NodeId, Channel, u32)>,
}

impl FetchSessions {
    /// Number of the client's session; made when there is none.
    pub fn open(&mut self, client: NodeId, channel: Channel) -> u32 {
        match self.search(client, channel) {
            Ok(index) => self.keys[index].2,
            Err(index) => {
                let number = self.sessions.len() as u32;
                self.sessions.push(FetchSession::default());
                self.keys.insert(index, (client, channel, number));
                number
            }
        }
    }

    /// Number of the client's session.
    pub fn find(&self, client: NodeId, channel: Channel) -> Option<u32> {
        self.search(client, channel).ok().map(|index| self.keys[index].2)
    }

    fn search(&self, client: NodeId, channel: Channel) -> Result<usize, usize> {
        self.keys.binary_search_by_key(&(client, channel), |key| (key.0, key.1))
    }

    /// The session with this number.
    pub fn get(&self, number: u32) -> &FetchSession {
        &self.sessions[number as usize]
    }

    /// The session with this number, to change.
    pub fn get_mut(&mut self, number: u32) -> &mut FetchSession {
        &mut self.sessions[number as usize]
    }
}
