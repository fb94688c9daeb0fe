// Two short tones, made by the browser: rising for what is new, and twice for what is pressing.

const loudness = 0.12;
const tones = [660, 880];
const length = 0.14;

export class Sound {
  #context = new AudioContext();

  /** Browsers keep it silent until somebody has pressed something in the page. */
  wake() {
    if (this.#context.state === "suspended") this.#context.resume().catch(() => {});
  }

  play(isUrgent) {
    if (this.#context.state !== "running") return this.wake();
    const start = this.#context.currentTime;
    const all = isUrgent ? [...tones, ...tones] : tones;
    return all.forEach((tone, index) => this.#tone(tone, start + index * length));
  }

  #tone(frequency, start) {
    const volume = this.#context.createGain();
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(loudness, start + 0.01);
    volume.gain.linearRampToValueAtTime(0, start + length);
    const source = this.#context.createOscillator();
    source.frequency.value = frequency;
    source.connect(volume).connect(this.#context.destination);
    source.start(start);
    source.stop(start + length);
  }
}
