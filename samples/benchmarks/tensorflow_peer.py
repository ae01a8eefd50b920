"""The same network as torchvision's DeepLabv3, in TensorFlow's Python: the second peer of `bench`.

Needs tensorflow. Written with the operations that a Python user would take (tf.nn, tf.function, tf.GradientTape);
weights and data are random. `--compile` compiles the step with XLA (jit_compile).
"""
import os

import measure

args = measure.options(__doc__)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import tensorflow as tf

UNITS = {"resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3)}[args.backbone]
CLASSES = 21


class Network:
    """Backbone at output stride 8, pyramid with rates 12, 24 and 36, head, auxiliary head."""

    def __init__(self, training):
        self.training = training
        self.variables = []
        self.averages = []
        self.position = 0
        self.made = False

    def variable(self, shape, deviation=None, value=0.0):
        start = tf.random.normal(shape, stddev=deviation) if deviation else tf.fill(shape, value)
        created = tf.Variable(start)
        self.variables.append(created)
        return created

    def layer(self, make):
        """Variables are made in the first pass over the network and taken in the same order later."""
        if not self.made:
            self.layers.append(make())
        found = self.layers[self.position]
        self.position += 1
        return found

    def conv(self, x, kernel, channels, stride=1, rate=1):
        inputs = x.shape[-1]
        deviation = (2.0 / (kernel * kernel * inputs)) ** 0.5
        w = self.layer(lambda: self.variable([kernel, kernel, inputs, channels], deviation))
        halo = rate * (kernel - 1) // 2
        if stride > 1 and halo:
            x = tf.pad(x, [[0, 0], [halo, halo], [halo, halo], [0, 0]])
            return tf.nn.conv2d(x, w, stride, "VALID", dilations=rate)
        return tf.nn.conv2d(x, w, stride, "SAME", dilations=rate)

    def norm(self, x):
        channels = x.shape[-1]

        def make():
            average = (tf.Variable(tf.zeros([channels]), trainable=False),
                       tf.Variable(tf.ones([channels]), trainable=False))
            return self.variable([channels], value=1.0), self.variable([channels]), average

        gamma, beta, (mean, variance) = self.layer(make)
        if not self.training:
            return tf.compat.v1.nn.fused_batch_norm(
                x, gamma, beta, mean, variance, epsilon=1e-5, is_training=False)[0]
        y, new_mean, new_variance = tf.compat.v1.nn.fused_batch_norm(
            x, gamma, beta, epsilon=1e-5, is_training=True)
        self.averages += [(mean, new_mean), (variance, new_variance)]
        return y

    def conv_norm_relu(self, x, *filter, **options):
        return tf.nn.relu(self.norm(self.conv(x, *filter, **options)))

    def unit(self, x, channels, stride, rate):
        y = self.conv_norm_relu(x, 1, channels)
        y = self.conv_norm_relu(y, 3, channels, stride=stride, rate=rate)
        y = self.norm(self.conv(y, 1, 4 * channels))
        if x.shape[-1] != 4 * channels:
            x = self.norm(self.conv(x, 1, 4 * channels, stride=stride))
        return tf.nn.relu(x + y)

    def __call__(self, images):
        if not self.made:
            self.layers = []
        self.position = 0
        self.averages = []
        size = images.shape[1:3]
        x = self.conv_norm_relu(images, 7, 64, stride=2)
        x = tf.nn.max_pool2d(tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), 3, 2, "VALID")
        auxiliary = x
        rates = ((1, 1), (1, 1), (1, 2), (2, 4))  # of a block's first unit, and of the others
        for block in range(4):
            for i in range(UNITS[block]):
                stride = 2 if block == 1 and i == 0 else 1
                x = self.unit(x, 64 << block, stride, rates[block][min(i, 1)])
            if block == 2:
                auxiliary = x
        scores = self.scores(self.conv_norm_relu(self.pyramid(x), 3, 256))
        if not self.training:
            self.made = True
            return tf.image.resize(scores, size)
        second = self.scores(self.conv_norm_relu(auxiliary, 3, 256))
        self.made = True
        return tf.image.resize(scores, size), tf.image.resize(second, size)

    def scores(self, x):
        y = self.conv(x, 1, CLASSES)
        return y + self.layer(lambda: self.variable([CLASSES]))

    def pyramid(self, x):
        branches = [self.conv_norm_relu(x, 1, 256)]
        branches += [self.conv_norm_relu(x, 3, 256, rate=rate) for rate in (12, 24, 36)]
        pooled = self.conv_norm_relu(tf.reduce_mean(x, [1, 2], keepdims=True), 1, 256)
        branches.append(tf.image.resize(pooled, x.shape[1:3]))
        return self.conv_norm_relu(tf.concat(branches, 3), 1, 256)


def random_images():
    return tf.random.uniform([args.batch_size, args.crop, args.crop, 3])


def training():
    net = Network(True)
    images = random_images()
    labels = tf.random.uniform([args.batch_size, args.crop, args.crop], 0, CLASSES, tf.int32)
    net(tf.zeros([args.batch_size, 33, 33, 3]))  # makes the variables
    momenta = [tf.Variable(tf.zeros_like(v)) for v in net.variables]

    @tf.function(jit_compile=args.compile)
    def step():
        with tf.GradientTape() as tape:
            logits, second = net(images)
            entropy = tf.nn.sparse_softmax_cross_entropy_with_logits
            loss = tf.reduce_mean(entropy(labels, logits))
            loss += 0.5 * tf.reduce_mean(entropy(labels, second))
        for v, m, g in zip(net.variables, momenta, tape.gradient(loss, net.variables)):
            m.assign(0.9 * m + g + 1e-4 * v)
            v.assign_sub(1e-4 * m)
        for average, value in net.averages:
            average.assign(0.9 * average + 0.1 * value)
        return loss

    return lambda: step().numpy()


def prediction():
    net = Network(False)
    images = random_images()
    net(tf.zeros([1, 33, 33, 3]))

    @tf.function(jit_compile=args.compile)
    def predict():
        return tf.cast(tf.argmax(net(images), 3), tf.uint8)

    return lambda: predict().numpy()


tf.config.threading.set_intra_op_parallelism_threads(args.threads)
if args.precision == "bfloat16":
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})
tf.random.set_seed(1)
work = {"train": training, "predict": prediction}
if args.mode not in work:
    raise SystemExit("this peer has the modes " + " and ".join(work))
measure.run(work[args.mode](), args.batch_size, args)
