//! Where a viewer is: in a show, on a video, or nowhere in particular.

use laotie_facts::body::Entry;
use laotie_facts::{ShowId, VideoId};

use crate::market::Market;
use crate::random::Random;

/// A place, by the number of its show or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Nowhere,
    Show(u64),
    Video(u64),
}

impl Market {
    pub(crate) fn show_id(&self, number: u64) -> ShowId {
        ShowId::new(self.names.thing.of("w-", 1 << 38 | number)).expect("names are valid ids")
    }

    pub(crate) fn video_id(&self, number: u64) -> VideoId {
        VideoId::new(self.names.thing.of("v-", 3 << 37 | number)).expect("names are valid ids")
    }

    pub(crate) fn place_ids(&self, place: Place) -> (Option<ShowId>, Option<VideoId>) {
        match place {
            Place::Nowhere => (None, None),
            Place::Show(number) => (Some(self.show_id(number)), None),
            Place::Video(number) => (None, Some(self.video_id(number))),
        }
    }

    /// A show that a buyer goes to, and the way: one of a streamer followed, or a recommended one.
    pub(crate) fn choose_show(&self, buyer: u32, random: &mut Random) -> Option<(u32, Entry)> {
        let account = &self.buyers[buyer as usize];
        if random.chance(self.rules.buyers.follows_first) {
            let mut best = (None, 0.0);
            for edge in &account.edges {
                let streamer = &self.streamers[edge.streamer as usize];
                if let Some(slot) = streamer.show {
                    let pull = f64::from(edge.trust * edge.trust + 0.05) * random.exponential(1.0);
                    if pull > best.1 {
                        best = (Some(slot), pull);
                    }
                }
            }
            if let (Some(slot), _) = best {
                let entry = *random.pick(&[Entry::Follow, Entry::Follow, Entry::Follow, Entry::FanGroup, Entry::Message, Entry::Profile]);
                return Some((slot, entry));
            }
        }
        let entry = *random.pick(&[Entry::Recommend, Entry::Recommend, Entry::Recommend, Entry::Search, Entry::Ad, Entry::Video]);
        self.recommended(random).map(|slot| (slot, entry))
    }

    /// A show on air, by how much its streamer draws.
    pub(crate) fn recommended(&self, random: &mut Random) -> Option<u32> {
        let draw = |slot: &u32| {
            let streamer = self.shows.get(*slot).map_or(0, |s| s.streamer);
            let streamer = &self.streamers[streamer as usize];
            f64::from(streamer.charisma * streamer.favour) + 0.2
        };
        let total: f64 = self.on_air.iter().map(draw).sum();
        let mut left = random.unit() * total;
        for slot in &self.on_air {
            left -= draw(slot);
            if left < 0.0 {
                return Some(*slot);
            }
        }
        None
    }
}
