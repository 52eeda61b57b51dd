: Plays the presynaptic events of one channel: a Vector of times (ms, sorted) and, optionally, one weight an event.
:
: play(times) plays every event at the NetCon's own weight. play(times, weights) writes each event's weight into the NetCon
: first; `weight` must then point at that NetCon's weight. The caller keeps the Vectors alive and unchanged while they play.

NEURON {
    ARTIFICIAL_CELL TwincellPlayer
    RANGE count
    POINTER weight
}

ASSIGNED {
    index
    count
    timesAddress
    weightsAddress
    weight
}

VERBATIM
/* Where the two Vectors' numbers are; the doubles that hold these are never used as numbers. */
static double*& twincell_numbers(double& slot) {
    return reinterpret_cast<double*&>(slot);
}
ENDVERBATIM

CONSTRUCTOR {
VERBATIM
    twincell_numbers(timesAddress) = nullptr;
    twincell_numbers(weightsAddress) = nullptr;
    count = 0;
ENDVERBATIM
}

INITIAL {
    index = 0
    if (index < count) {
        net_send(timeOf(index), 1)
    }
}

NET_RECEIVE(unused) {
    if (flag == 1) {
        takeWeight(index)
        net_event(t)
        index = index + 1
        if (index < count) {
            : t + (time - t) can be off by a bit; moving to an absolute time is exact
            net_send(0, 1)
            net_move(timeOf(index))
        }
    }
}

FUNCTION timeOf(k) {
    timeOf = 0
VERBATIM
    _ltimeOf = twincell_numbers(timesAddress)[static_cast<int>(_lk)];
ENDVERBATIM
}

PROCEDURE takeWeight(k) {
VERBATIM
    if (twincell_numbers(weightsAddress)) {
        weight = twincell_numbers(weightsAddress)[static_cast<int>(_lk)];
    }
ENDVERBATIM
}

PROCEDURE play() {
VERBATIM
    auto* times = vector_arg(1);
    twincell_numbers(timesAddress) = vector_vec(times);
    twincell_numbers(weightsAddress) = ifarg(2) ? vector_vec(vector_arg(2)) : nullptr;
    count = vector_capacity(times);
ENDVERBATIM
}
