//! Short videos: posted, watched for a week, forgotten.

use laotie_facts::body::VideoPosted;
use laotie_facts::{Few, MaskedText};

use crate::happening::Sender;
use crate::market::crowds::WaveKind;
use crate::market::values::quantity;
use crate::market::{Market, What};
use crate::random::{Random, to_i64};
use crate::rhythm::{DAY, HOUR};
use crate::script;
use crate::truth::Crowd;

/// A video that is still shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Video {
    pub(crate) number: u64,
    pub(crate) streamer: u32,
    pub(crate) item: u32,
    pub(crate) posted: i64,
    pub(crate) duration: i64,
    pub(crate) draw: f32,
    /// How much it makes viewers like and follow, 1 on average.
    pub(crate) appeal: f32,
}

impl Market {
    pub(crate) fn post_video(&mut self, streamer: u32) {
        let mut random = self.streamers[streamer as usize].random;
        let per_week = self.rules.streamers.videos_per_week;
        if per_week <= 0.0 {
            return;
        }
        let wait = random.exponential(7.0 / per_week) * 24.0;
        let next = self.rhythm.after(self.now + HOUR, wait);
        self.enter(next, What::PostVideo(streamer));
        while self.videos.front().is_some_and(|v| v.posted < self.now - 7 * DAY) {
            self.videos.pop_front();
        }
        let Some(item) = self.item_to_show(streamer, &mut random) else { return };
        let number = self.number();
        let charisma = self.streamers[streamer as usize].charisma;
        let mut video = Video {
            number,
            streamer,
            item,
            posted: self.now,
            appeal: self.new_appeal(&mut random),
            duration: self.video_duration(&mut random),
            draw: charisma.sqrt() * crate::goods::to_f32(random.log_normal(1.0, self.rules.streamers.video_sigma)),
        };
        let known = self.known(item, 0, 0);
        let words = script::speak(&known, false, false, &mut random).text;
        let body = VideoPosted {
            campaign: None,
            clip_of: None,
            duration_ms: Some(quantity(video.duration / 1_000)),
            file: None,
            items: Few::new(vec![self.item_id(item)]).expect("one item"),
            language: None,
            shop: None,
            streamer: Some(self.streamer_id(streamer)),
            text: MaskedText::new(words).ok(),
            video: self.video_id(number),
        };
        let key = self.next_key("vp-");
        self.say(Sender::LiveRooms, key, body);
        if random.chance(self.rules.crowds.viral_per_thousand / 1_000.0) {
            let [median, sigma] = self.rules.crowds.viral_size;
            let size = random.log_normal(median, sigma) * f64::from(charisma).clamp(0.5, 3.0);
            let size = crate::random::to_u32(size).max(5);
            let from = self.now + random.whole(HOUR, 8 * HOUR);
            // What is passed on is recommended more as well.
            video.draw *= 2.5;
            self.start_wave(WaveKind::Natural(Crowd::Viral), streamer, Some(video), size, from, self.rules.crowds.viral_hours, &mut random);
        }
        self.videos.push_back(video);
        self.streamers[streamer as usize].random = random;
    }

    /// A video's length in microseconds.
    pub(crate) fn video_duration(&self, random: &mut Random) -> i64 {
        let [median, sigma] = self.rules.streamers.video_seconds;
        to_i64(random.log_normal(median, sigma).clamp(5.0, 300.0) * 1e6)
    }

    /// How much one video or show moves its viewers to act, beside another; 1 on average.
    pub(crate) fn new_appeal(&self, random: &mut Random) -> f32 {
        let sigma = self.rules.streamers.appeal_sigma;
        crate::goods::to_f32(random.log_normal(1.0, sigma) * libm::exp(-0.5 * sigma * sigma))
    }

    /// A video that a viewer comes upon: the one that draws most of some.
    pub(crate) fn choose_video(&self, random: &mut Random) -> Option<Video> {
        let mut best: Option<(Video, f64)> = None;
        for _ in 0..6 {
            let video = *self.videos.get(random.index(self.videos.len()))?;
            let pull = f64::from(video.draw) * random.exponential(1.0);
            if best.is_none_or(|(_, b)| pull > b) {
                best = Some((video, pull));
            }
        }
        best.map(|(video, _)| video)
    }
}
